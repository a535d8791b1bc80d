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
EXPOSE 8080
VOLUME ["/data", "/spool"]
ENV DATASET_EXPORT_DATA_DIR=/data DATASET_EXPORT_SPOOL_DIR=/spool
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD curl -fsS http://localhost:8080/actuator/health || exit 1
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-jar", "dataset-export.jar"]
