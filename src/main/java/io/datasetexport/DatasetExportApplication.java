package io.datasetexport;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service: datasets in PostgreSQL become streamed archives. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DatasetExportApplication {

    public static void main(String[] args) {
        SpringApplication.run(DatasetExportApplication.class, args);
    }
}
