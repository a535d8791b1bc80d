package io.datasetexport.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param trustedNetwork whoever can reach the service may do everything: it may listen on other addresses than loopback */
@ConfigurationProperties("dataset-export.access")
public record AccessSettings(@DefaultValue("false") boolean trustedNetwork) {}
