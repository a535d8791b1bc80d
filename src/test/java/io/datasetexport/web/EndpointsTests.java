package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.datasetexport.access.Caller;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

class EndpointsTests {

    /** Without a caller there is no call: who may do what is asked for each request. */
    @Test
    void everyEndpointTakesACaller() {
        List<JavaMethod> endpoints = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.datasetexport").stream()
                .filter(type -> type.isAnnotatedWith(RestController.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(RequestMapping.class) || method.isMetaAnnotatedWith(RequestMapping.class))
                .toList();
        assertThat(endpoints).hasSizeGreaterThan(4).allSatisfy(endpoint -> assertThat(endpoint.getRawParameterTypes())
                .as(endpoint.getFullName())
                .anyMatch(type -> type.isEquivalentTo(Caller.class)));
    }
}
