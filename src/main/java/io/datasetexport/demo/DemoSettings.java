package io.datasetexport.demo;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** @param demo whether to load the demo dataset; null for what suits the database: yes with the embedded one */
@ConfigurationProperties("dataset-export")
record DemoSettings(@Nullable Boolean demo) {}
