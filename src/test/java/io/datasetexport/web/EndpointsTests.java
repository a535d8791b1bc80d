package io.datasetexport.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.datasetexport.access.Caller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "io.datasetexport", importOptions = ImportOption.DoNotIncludeTests.class)
class EndpointsTests {

    @ArchTest
    static final ArchRule everyEndpointTakesACaller = methods()
            .that().areDeclaredInClassesThat().areAnnotatedWith(RestController.class)
            .and().areMetaAnnotatedWith(RequestMapping.class).or().areAnnotatedWith(RequestMapping.class)
            .and().areDeclaredInClassesThat().areAnnotatedWith(RestController.class)
            .should(new ArchCondition<JavaMethod>("take a Caller") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    boolean taken = method.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Caller.class));
                    events.add(new SimpleConditionEvent(method, taken, method.getFullName() + " takes a caller: " + taken));
                }
            })
            .because("without a caller there is no call: who may do what is asked for each request");
}
