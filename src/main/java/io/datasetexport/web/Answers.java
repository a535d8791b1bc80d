package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an endpoint answers beyond what every endpoint does, for {@link ApiDescription}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Answers {

    /** Headers of a success, by the names that the description has texts for. */
    String[] headers() default {};

    /** Refusals that do not follow from the endpoint's path, parameters and body. */
    ProblemType[] refuses() default {};
}
