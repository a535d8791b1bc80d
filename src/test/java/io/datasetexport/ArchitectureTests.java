package io.datasetexport;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.BE_ANNOTATED_WITH_AN_INJECTION_ANNOTATION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import jakarta.persistence.Entity;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.stereotype.Controller;

/** The plan of the house: which room may touch which, and what stays behind one room's door. */
class ArchitectureTests {

    private static final String ROOT = "io.datasetexport";
    private static final JavaClasses HOUSE =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(ROOT);

    /** Every room, and the rooms that it may touch. The folders of {@code format} are rooms inside a room: see below. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("text", Set.of()),
            Map.entry("problem", Set.of()),
            Map.entry("spool", Set.of()),
            Map.entry("blob", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("json", Set.of("problem")),
            Map.entry("raster", Set.of("model", "text")),
            Map.entry("access", Set.of("problem", "model")),
            Map.entry("archive", Set.of("spool")),
            Map.entry("format", Set.of("model", "text", "raster")),
            Map.entry("catalog", Set.of("access", "model", "problem")),
            Map.entry("selection", Set.of("json", "problem")),
            Map.entry("read", Set.of("access", "model", "selection", "problem")),
            Map.entry("content", Set.of("access", "blob", "model", "problem")),
            Map.entry("pipeline", Set.of("read", "format", "archive", "spool", "blob", "model", "text")),
            Map.entry("export", Set.of(
                    "access", "catalog", "selection", "read", "format", "raster", "pipeline", "archive", "spool", "blob", "model", "text", "json", "problem")),
            Map.entry("ingest", Set.of("access", "archive", "catalog", "content", "format", "raster", "spool", "model", "text", "json", "problem")),
            Map.entry("browse", Set.of("access", "export", "selection", "read", "format", "spool", "text", "json", "problem")),
            Map.entry("demo", Set.of("access", "catalog", "content", "ingest", "embedded", "problem", "model", "text")),
            Map.entry("web", Set.of(
                    "access", "catalog", "selection", "browse", "content", "export", "ingest", "format", "archive", "model", "text", "json", "problem")));

    private static final Set<String> ROOMS = rooms();

    @Test
    void everyRoomIsOnThePlan() {
        assertThat(ARROWS.keySet()).containsAll(ROOMS);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void touchesOnlyTheRoomsOnThePlan(String room) {
        String[] reachable = Stream.concat(Stream.of(room), ARROWS.get(room).stream()).map(other -> ROOT + "." + other + "..").toArray(String[]::new);
        check(classes().that().resideInAPackage(ROOT + "." + room + "..")
                .should().onlyDependOnClassesThat(resideOutsideOfPackages(ROOT + "..").or(resideInAnyPackage(reachable)))
                .because("an arrow that is not on the plan makes two rooms one; a new one is a decision for RATIONALE.md"));
    }

    @Test
    void thereAreNoCycles() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles()
                .because("rooms on a cycle can only be understood, tested and changed together"));
    }

    @Test
    void aFormatKnowsNoOtherFormat() {
        check(slices().matching(ROOT + ".format.(*)..").namingSlices("format $1").should().notDependOnEachOther()
                .ignoreDependency(resideInAnyPackage(ROOT + ".format.."), resideInAnyPackage(ROOT + ".format.source.."))
                .because("a format is added or removed by its folder alone; what formats share is format.source and raster"));
    }

    @Test
    void theCoreIsPlainJava() {
        check(classes().that().resideInAnyPackage(in("model", "text", "problem", "spool"))
                .should().onlyDependOnClassesThat().resideInAnyPackage(with(in("model", "text", "problem", "spool"), "java..", "org.jspecify.annotations"))
                .because("the nouns outlive every framework, and their tests take milliseconds"));
    }

    @Test
    void httpIsSpokenInWebOnly() {
        only("web").mayTouch("jakarta.servlet..", "org.springframework.web..", "org.springframework.http..", "org.apache.catalina..", "org.apache.coyote..")
                .because("an export also runs without a request: into a file, in the background");
    }

    @Test
    void entitiesStayInCatalog() {
        only("catalog").mayTouch("jakarta.persistence..", "org.hibernate..", "org.springframework.data..")
                .because("JPA is for a dataset's few facts; it would hold every row of a bulk read");
        check(classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate()
                .because("an entity that leaves its room takes its lazy loading and its transaction with it"));
    }

    @Test
    void sqlIsWrittenWhereRowsAreRead() {
        only("read", "ingest", "export", "access", "catalog", "content").mayTouch("java.sql..", "org.postgresql..", "org.springframework.jdbc..")
                .because("whoever needs rows asks one of these rooms, which ask who is calling");
    }

    @Test
    void compressionIsLeftToArchiveAndRaster() {
        only("archive", "raster", "blob").mayTouch("java.util.zip..", "io.airlift.compress..")
                .because("a ZIP that is closed after a failure looks whole: one room decides when an archive is");
    }

    @Test
    void theBucketIsKnownToBlobOnly() {
        only("blob").mayTouch("software.amazon.awssdk..")
                .because("a folder is as good a store, and no code but the store's own may tell which one it is");
    }

    @Test
    void onlyOneJacksonIsUsed() {
        check(noClasses().should().dependOnClassesThat(resideInAnyPackage("com.fasterxml.jackson..")
                .and(resideOutsideOfPackages("com.fasterxml.jackson.annotation")))
                .because("springdoc brings Jackson 2, whose mapper has none of our settings"));
    }

    @Test
    void controllersArePackagePrivate() {
        check(classes().that().areAnnotatedWith(Controller.class).or().areMetaAnnotatedWith(Controller.class).should().bePackagePrivate()
                .because("they are called by HTTP, not by code"));
    }

    @Test
    void nobodyPrintsOrInjectsIntoFieldsOrUsesTheOldDates() {
        check(noClasses().should(ACCESS_STANDARD_STREAMS).because("a log line has a level and an export's id"));
        check(ArchRuleDefinition.noFields().should(BE_ANNOTATED_WITH_AN_INJECTION_ANNOTATION)
                .because("an object is complete when its constructor returns"));
        check(noClasses().should().dependOnClassesThat(belongToAnyOf(java.util.Date.class, java.util.Calendar.class, java.text.DateFormat.class))
                .because("they carry the machine's time zone into the output"));
    }

    /** A context of one class is taken over by the next: two that run at once would see each other's rows, permits and logs. */
    @Test
    void testsThatShareAContextRunOneAtATime() {
        check(classes().that().areAnnotatedWith(SpringBootTest.class).or().areMetaAnnotatedWith(SpringBootTest.class)
                .should().beAnnotatedWith(OneAtATime.class)
                .because("their contexts are shared"), new ClassFileImporter().importPackages(ROOT));
    }

    private static Only only(String... rooms) {
        return new Only(in(rooms));
    }

    private record Only(String[] rooms) {

        Because mayTouch(String... packages) {
            return reason -> check(noClasses().that().resideOutsideOfPackages(rooms)
                    .should().dependOnClassesThat().resideInAnyPackage(packages).because(reason));
        }
    }

    private interface Because {
        void because(String reason);
    }

    private static void check(ArchRule rule) {
        check(rule, HOUSE);
    }

    private static void check(ArchRule rule, JavaClasses types) {
        rule.allowEmptyShould(true).check(types);
    }

    private static Set<String> rooms() {
        var rooms = new TreeSet<String>();
        HOUSE.forEach(type -> {
            if (type.getPackageName().length() > ROOT.length()) {
                rooms.add(type.getPackageName().substring(ROOT.length() + 1).replaceFirst("\\..*", ""));
            }
        });
        return rooms;
    }

    private static String[] in(String... rooms) {
        return Arrays.stream(rooms).map(room -> ROOT + "." + room + "..").toArray(String[]::new);
    }

    private static String[] with(String[] some, String... others) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
    }
}
