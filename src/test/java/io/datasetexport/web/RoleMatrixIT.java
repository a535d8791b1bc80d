package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every endpoint for every role, and for those who have none. */
@TokenMode
@OneAtATime
class RoleMatrixIT {

    private static final String ITEM = "65d0a7a5e7de000000001400";

    private static final List<String> CALLERS = List.of(
            "owner", "engineer", "annotationManager", "annotator", "service-read", "service-export", "service-write", "foreign", "anonymous");

    /** Method and path; body; the status for each caller of {@link #CALLERS} but the last, to whom all is 401. */
    private static final String[][] TABLE = {
        {"GET /api/v1/datasets", null, "200 200 200 200 200 200 200 200"},
        {"POST /api/v1/datasets", "{\"name\":\"d\",\"projectId\":\"default\"}", "201 201 403 403 403 403 201 404"},
        {"GET /api/v1/datasets/{dataset}", null, "200 200 200 200 200 200 200 404"},
        {"DELETE /api/v1/datasets/{victim}", null, "204 204 403 403 403 403 204 404"},
        {"PUT /api/v1/datasets/{victim}/labels", "{\"labels\":[]}", "200 200 403 403 403 403 200 404"},
        {"POST /api/v1/datasets/{dataset}/import", "[]", "200 200 403 403 403 403 200 404"},
        {"GET /api/v1/datasets/{dataset}/export", null, "200 200 200 403 403 200 403 404"},
        {"HEAD /api/v1/datasets/{dataset}/export", null, "200 200 200 403 403 200 403 404"},
        {"POST /api/v1/datasets/{dataset}/export", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"" + ITEM + "\"]}}", "200 200 200 403 403 200 403 404"},
        {"POST /api/v1/datasets/{dataset}/export/links", "{}", "201 201 201 403 403 201 403 404"},
        {"POST /api/v1/datasets/{dataset}/export/plan", "{}", "200 200 200 200 200 200 200 404"},
        {"POST /api/v1/datasets/{dataset}/items/query", "{\"filter\":{},\"pageSize\":1}", "200 200 200 200 200 200 200 404"},
        {"POST /api/v1/datasets/{dataset}/annotations/query", "{\"filter\":{},\"pageSize\":1}", "200 200 200 200 200 200 200 404"},
        {"PUT /api/v1/datasets/{dataset}/assignees/{subject}", "{\"itemIds\":[]}", "204 204 204 403 403 403 204 404"},
        {"GET /api/v1/datasets/{dataset}/items/{item}", null, "200 200 200 200 403 200 403 404"},
        {"DELETE /api/v1/datasets/{victim}/items/{item}", null, "204 204 403 403 403 403 204 404"},
        {"GET /api/v1/datasets/{dataset}/items/{item}/annotations", null, "200 200 200 200 403 200 403 404"},
        {"GET /api/v1/datasets/{dataset}/items/{item}/mask", null, "200 200 200 200 403 200 403 404"},
        {"PUT /api/v1/datasets/{victim}/items/{item}/content", "picture", "200 200 403 403 403 403 200 404"},
        {"GET /api/v1/datasets/{victim}/items/{item}/content", null, "200 403 403 403 403 403 403 404"},
        {"HEAD /api/v1/datasets/{victim}/items/{item}/content", null, "200 403 403 403 403 403 403 404"},
        {"POST /api/v1/datasets/{dataset}/items/{item}/links", "{\"file\":\"mask\"}", "201 201 201 201 403 201 403 404"},
        {"GET /api/v1/exports/links/{token}", null, "401 401 401 401 401 401 401 401"},
        {"HEAD /api/v1/exports/links/{token}", null, "401 401 401 401 401 401 401 401"},
        {"DELETE /api/v1/exports/links/{token}", null, "404 404 404 404 404 404 404 404"},
        {"GET /api/v1/limits", null, "200 200 200 200 200 200 200 200"},
        {"GET /api/v1/projects", null, "200 200 200 200 200 200 200 200"},
        {"POST /api/v1/projects", "{\"id\":\"{new}\",\"name\":\"n\"}", "201 201 201 201 201 201 201 201"},
        {"GET /api/v1/projects/{project}/members", null, "200 403 403 403 403 403 403 404"},
        {"PUT /api/v1/projects/{project}/members/{subject}", "{\"role\":\"annotator\"}", "200 403 403 403 403 403 403 404"},
        {"DELETE /api/v1/projects/{project}/members/{subject}", null, "204 403 403 403 403 403 403 404"},
        {"PUT /api/v1/projects/{project}/assignments/{assignment}", "{\"subject\":\"guest\"}", "204 204 204 403 403 403 204 404"},
        {"DELETE /api/v1/projects/{project}/assignments/{assignment}", null, "204 204 204 403 403 403 204 404"},
        {"GET /api/v1/projects/{project}/audit", null, "200 403 403 403 403 403 403 404"},
        {"GET /api/v1/tokens", null, "200 200 200 200 200 200 200 200"},
        {"POST /api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"datasets:read\"]}", "201 201 201 201 201 201 201 201"},
        {"DELETE /api/v1/tokens/{id}", null, "404 404 404 404 404 404 404 404"},
    };

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    @Autowired
    @Qualifier("requestMappingHandlerMapping") private RequestMappingHandlerMapping endpoints;

    private final HttpClient client = HttpClient.newHttpClient();
    private JdbcClient jdbc;
    private int serial;

    @BeforeEach
    void members() {
        jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("insert into project (id, name) values ('foreign', 'Foreign') on conflict do nothing").update();
        for (String role : List.of("owner", "engineer", "annotationManager", "annotator")) {
            member("default", role, role, null);
        }
        member("default", "service-read", "service", "datasets:read");
        member("default", "service-export", "service", "datasets:export");
        member("default", "service-write", "service", "datasets:write");
        member("foreign", "foreign", "owner", null);
        jdbc.sql("insert into item_assignee select i.key, 'annotator' from item i join dataset d on d.key = i.dataset_key where d.id = 'demo' and i.id = ?"
                + " on conflict do nothing").param(ITEM).update();
    }

    private void member(String project, String subject, String role, @Nullable String scope) {
        jdbc.sql("insert into project_member (project_key, subject, role, scopes) select key, ?, ?, ?::text[] from project where id = ? on conflict do nothing")
                .param(subject)
                .param(role)
                .param(scope == null ? null : "{" + scope + "}")
                .param(project)
                .update();
    }

    @Test
    void everyEndpointHasARow() {
        Set<String> found = new HashSet<>();
        endpoints.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getPackageName().equals("io.datasetexport.web") && method.getBeanType() != ErrorPages.class) {
                for (RequestMethod verb : mapping.getMethodsCondition().getMethods()) {
                    mapping.getPatternValues().forEach(path -> found.add(verb + " " + path));
                }
            }
        });
        Set<String> rows = java.util.Arrays.stream(TABLE).map(row -> row[0].replace("{victim}", "{dataset}")).collect(Collectors.toSet());
        assertThat(rows).isEqualTo(found);
    }

    @Test
    void everyRowHoldsForEveryCaller() throws Exception {
        Map<String, String> wrong = new TreeMap<>();
        for (String[] row : TABLE) {
            String[] expected = (row[2] + " 401").split(" ");
            for (int i = 0; i < CALLERS.size(); i++) {
                HttpResponse<byte[]> answer = call(CALLERS.get(i), row[0], row[1]);
                if (answer.statusCode() != Integer.parseInt(expected[i])) {
                    wrong.put(row[0] + " as " + CALLERS.get(i), "is " + answer.statusCode() + ", not " + expected[i] + ": " + text(answer));
                }
                if (answer.statusCode() >= 400 && !row[0].startsWith("HEAD")) {
                    assertThat(answer.headers().firstValue("Content-Type")).as(row[0]).contains("application/problem+json");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatIsInvisibleLooksLikeWhatIsNotThere() throws Exception {
        jdbc.sql(
                "insert into item_assignee select i.key, 'somebody' from item i join dataset d on d.key = i.dataset_key where d.id = 'demo' on conflict do nothing")
                .update();
        String hidden = jdbc.sql("select min(i.id) from item i join dataset d on d.key = i.dataset_key where d.id = 'demo' and i.id <> ?")
                .param(ITEM).query(String.class).single();
        for (String[] row : TABLE) {
            if (row[2].endsWith("404") && row[0].contains("{") && !row[0].startsWith("HEAD")) {
                String body = row[1] == null ? null : row[1].replace("{new}", "x");
                String path = row[0].replace("{victim}", "{dataset}").replace("{subject}", "guest").replace("{item}", ITEM).replace("{assignment}", "a")
                        .replace("{token}", "t").replace("{id}", "t");
                String invisible = text(send("foreign", path.replace("{dataset}", "demo").replace("{project}", "default"), body));
                String unknown = text(send("foreign", path.replace("{dataset}", "zzzz").replace("{project}", "zzzzzzz"), body));
                assertThat(anonymised(invisible)).as(row[0]).isEqualTo(anonymised(unknown)).contains("not-found");
            }
            if (row[0].contains("{dataset}/items/{item}") && row[0].startsWith("GET") || row[0].endsWith("{item}/links")) {
                String path = row[0].replace("{dataset}", "demo");
                assertThat(anonymised(text(send("annotator", path.replace("{item}", hidden), row[1])))).as(row[0])
                        .isEqualTo(anonymised(text(send("annotator", path.replace("{item}", "zzzz"), row[1]))))
                        .contains("not-found");
            }
        }
    }

    /** Callers who see a part, requests that ask for all: nothing comes back but that part. */
    @Test
    void nobodyIsShownWhatIsNotTheirs() throws Exception {
        Random random = new Random(6);
        Map<String, Set<String>> itemsOf = new TreeMap<>();
        for (String project : List.of("left", "right")) {
            jdbc.sql("insert into project (id, name) values (?, ?)").params(project, project).update();
            member(project, "owner-" + project, "owner", null);
            member(project, "annotator-" + project, "annotator", null);
            jdbc.sql("insert into dataset (id, project_key, name) select ?, key, ? from project where id = ?").params("d-" + project, project, project)
                    .update();
            jdbc.sql("insert into item (dataset_key, id, filename, dir, name) select d.key, ? || '-' || n, '/' || n, '/', n from dataset d,"
                    + " generate_series(1, 20) n where d.id = ?").params(project, "d-" + project).update();
            jdbc.sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label) select i.key, 0, i.dataset_key, 'a-' || i.id, 'class', 'l'"
                    + " from item i join dataset d on d.key = i.dataset_key where d.id = ?").param("d-" + project).update();
            Set<String> all = new HashSet<>();
            Set<String> some = new HashSet<>();
            for (int n = 1; n <= 20; n++) {
                all.add(project + "-" + n);
                if (random.nextInt(3) == 0) {
                    some.add(project + "-" + n);
                }
            }
            itemsOf.put("owner-" + project, all);
            itemsOf.put("annotator-" + project, some);
            jdbc.sql("insert into item_assignee select key, ? from item where id = any (?)").params("annotator-" + project, some.toArray(String[]::new))
                    .update();
        }
        Pattern ids = Pattern.compile("(?:left|right)-[0-9]+");
        List<String> callers = List.copyOf(itemsOf.keySet());
        int count = Boolean.getBoolean("soak") ? 1000 : 100;
        int shown = 0;
        for (int i = 0; i < count; i++) {
            String caller = callers.get(random.nextInt(callers.size()));
            String side = random.nextBoolean() ? "left" : "right";
            boolean own = caller.endsWith(side);
            List<String> asked = new ArrayList<>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                asked.add("\"" + (random.nextBoolean() ? "left" : "right") + "-" + (1 + random.nextInt(20)) + "\"");
            }
            String list = String.join(",", new HashSet<>(asked));
            String dataset = "/api/v1/datasets/d-" + side;
            String one = asked.getFirst().replace("\"", "");
            HttpResponse<byte[]> answer = switch (random.nextInt(7)) {
                case 0 -> send(caller, "POST " + dataset + "/items/query", "{\"filter\":{}}");
                case 1 -> send(caller, "POST " + dataset + "/items/query", "{\"filter\":{\"id\":{\"$in\":[" + list + "]}},\"sort\":{\"name\":\"descending\"}}");
                case 2 -> send(caller, "POST " + dataset + "/annotations/query", "{\"filter\":{\"$or\":[{\"label\":\"l\"},{\"type\":\"class\"}]}}");
                case 3 -> send(caller, "POST " + dataset + "/export",
                        "{\"options\":{\"missing\":\"report\"},\"scope\":{\"type\":\"items\",\"itemIds\":[" + list + "]}}");
                case 4 -> send(caller, "POST " + dataset + "/export", "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"name\":\"*\"}}}}");
                case 5 -> send(caller, "GET " + dataset + "/items/" + one + "/annotations", null);
                default -> send(caller, "GET " + dataset + "/items/" + one, null);
            };
            if (!own) {
                assertThat(answer.statusCode()).isEqualTo(404);
            } else if (answer.statusCode() == 200) {
                String text = answer.headers().firstValue("Content-Type").orElse("").equals("application/zip") ? jsonOf(answer.body()) : text(answer);
                Matcher found = ids.matcher(text);
                while (found.find()) {
                    assertThat(itemsOf.get(caller)).as("%s asked %s", caller, answer.uri()).contains(found.group());
                    shown++;
                }
            }
        }
        assertThat(shown).isGreaterThan(count);
    }

    private static String jsonOf(byte[] archive) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith("json/")) {
                    text.append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return text.toString();
    }

    /** Everything that the tests with tokens have made the service write so far, at level debug. */
    @AfterAll
    static void theLogHoldsNoSecrets() throws IOException {
        // ProblemAdviceIT throws this one, to see that no answer holds it; the log of a bug has the bug's own words.
        String log = Files.readString(Path.of(TokenMode.LOG)).replace("secret select * from dataset", "");
        assertThat(log).contains("audit {");
        assertThat(log).doesNotContain(TokenMode.BOOTSTRAP);
        assertThat(Pattern.compile("dx[pl]_[A-Za-z0-9_-]{8}|eyJ[A-Za-z0-9_-]{10}|Bearer [A-Za-z0-9]").matcher(log).results().map(hit -> hit.group())).isEmpty();
        assertThat(Pattern.compile("(?i)\\b(select .+ from|insert into|update .+ set|delete from) ").matcher(log).results().map(hit -> hit.group())).isEmpty();
    }

    private HttpResponse<byte[]> call(String caller, String row, @Nullable String body) throws Exception {
        serial++;
        jdbc.sql("insert into dataset (id, project_key, name) select 'victim', key, 'Victim' from project where id = 'default' on conflict do nothing")
                .update();
        jdbc.sql(
                "insert into item (dataset_key, id, filename, dir, name) select key, ?, '/v', '/', 'v' from dataset where id = 'victim' on conflict do nothing")
                .param(ITEM).update();
        member("default", "guest", "annotator", null);
        String path = row.replace("{dataset}", "demo").replace("{victim}", "victim").replace("{item}", ITEM).replace("{project}", "default")
                .replace("{subject}", "guest").replace("{assignment}", "a1").replace("{token}", "dxl_none-at-all")
                .replace("{id}", "00000000-0000-0000-0000-000000000000");
        // One item of the demo dataset tells as much about roles as all of them.
        path = path.endsWith("/export") && body == null ? path + "?itemIds=" + ITEM : path;
        return send(caller, path, body == null ? null : body.replace("{new}", "new-" + serial));
    }

    private HttpResponse<byte[]> send(String caller, String request, @Nullable String body) throws Exception {
        String[] line = request.split(" ");
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create("http://localhost:" + port + line[1]))
                .method(line[0], body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            http.header("Content-Type", "application/json");
        }
        if (!caller.equals("anonymous")) {
            http.header("Authorization", "Bearer " + TokenMode.ISSUER.token(caller));
        }
        return client.send(http.build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Without what differs by request: its id, and the path that was asked for. */
    private static String anonymised(String problem) {
        return problem.replaceAll("\"(instance|requestId)\":\"[^\"]*\"", "");
    }
}
