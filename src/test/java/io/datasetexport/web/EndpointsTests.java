package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.datasetexport.access.Caller;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

class EndpointsTests {

    /** Without a caller there is no call: who may do what is asked for each request. */
    @Test
    void everyEndpointTakesACaller() {
        assertThat(endpoints()).hasSizeGreaterThan(4).allSatisfy(endpoint -> assertThat(endpoint.getRawParameterTypes())
                .as(endpoint.getFullName())
                .anyMatch(type -> type.isEquivalentTo(Caller.class)));
    }

    @Test
    void everyEndpointThatChangesOrHandsOutIsAudited() {
        assertThat(endpoints()).allSatisfy(endpoint -> {
            RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(endpoint.reflect(), RequestMapping.class);
            boolean reads = Set.of(mapping.method()).equals(Set.of(RequestMethod.GET))
                    || mapping.path().length > 0 && (mapping.path()[0].endsWith("/query") || mapping.path()[0].endsWith("/plan"));
            boolean handsOut = Set.of("ExportController", "ItemFilesController", "ContentController").contains(endpoint.getOwner().getSimpleName());
            assertThat(endpoint.isAnnotatedWith(Audited.class)).as(endpoint.getFullName()).isEqualTo(!reads || handsOut);
        });
    }

    private static List<JavaMethod> endpoints() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.datasetexport").stream()
                .filter(type -> type.isAnnotatedWith(RestController.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(RequestMapping.class) || method.isMetaAnnotatedWith(RequestMapping.class))
                .toList();
    }
}
