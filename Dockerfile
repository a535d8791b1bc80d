FROM eclipse-temurin:25-jre AS extract
WORKDIR /build
COPY target/dataset-export.jar dataset-export.jar
RUN java -Djarmode=tools -jar dataset-export.jar extract --layers --destination out

FROM eclipse-temurin:25-jre
RUN useradd --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin app \
    && mkdir -p /app /data /spool && chown app /app /data /spool
WORKDIR /app
COPY --from=extract /build/out/dependencies/ ./
COPY --from=extract /build/out/spring-boot-loader/ ./
COPY --from=extract /build/out/snapshot-dependencies/ ./
COPY --from=extract /build/out/application/ ./
USER 10001
# A start without a database, whose classes the next starts find loaded and linked: it halves their time.
RUN java -XX:AOTCacheOutput=app.aot -Xlog:aot*=error -Dspring.context.exit=onRefresh -jar dataset-export.jar \
        --dataset-export.data-dir=/tmp/training --spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none \
        --spring.datasource.hikari.initialization-fail-timeout=-1 --spring.flyway.enabled=false \
        --spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false \
        --spring.jpa.database-platform=org.hibernate.dialect.PostgreSQLDialect \
    && rm -rf /tmp/training && test -s app.aot
EXPOSE 8080
VOLUME ["/data", "/spool"]
ENV DATASET_EXPORT_DATA_DIR=/data DATASET_EXPORT_SPOOL_DIR=/spool
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD curl -fsS http://localhost:8080/actuator/health || exit 1
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-Xlog:aot*=error", "-XX:MaxRAMPercentage=75", "-jar", "dataset-export.jar"]
