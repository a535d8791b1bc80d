package io.datasetexport.ingest;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Runs the room's background pass. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class IngestConfiguration {}
