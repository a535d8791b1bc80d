package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.Leaks;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
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
import tools.jackson.databind.json.JsonMapper;

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
        {"GET /api/v1/datasets/{dataset}/export?include=items&unavailable=report", null, "200 403 403 403 403 403 403 404"},
        {"HEAD /api/v1/datasets/{dataset}/export", null, "200 200 200 403 403 200 403 404"},
        {"POST /api/v1/datasets/{dataset}/export", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"" + ITEM + "\"]}}", "200 200 200 403 403 200 403 404"},
        {"POST /api/v1/datasets/{dataset}/export", "{\"include\":[\"json\",\"items\"],\"options\":{\"unavailable\":\"report\"}}",
            "200 403 403 403 403 403 403 404"},
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
        Set<String> rows =
                java.util.Arrays.stream(TABLE).map(row -> row[0].replace("{victim}", "{dataset}").replaceFirst("\\?.*", "")).collect(Collectors.toSet());
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
        Map<String, Set<String>> itemsOf = twoProjects();
        Random random = new Random(6);
        List<String> callers = List.copyOf(itemsOf.keySet());
        int count = Boolean.getBoolean("soak") ? 1000 : 100;
        Map<String, Integer> shownBy = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String caller = callers.get(random.nextInt(callers.size()));
            String side = random.nextBoolean() ? "left" : "right";
            Set<String> asked = new TreeSet<>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                asked.add((random.nextBoolean() ? "left" : "right") + "-" + (1 + random.nextInt(20)));
            }
            String list = asked.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
            String dataset = "/api/v1/datasets/d-" + side;
            String one = asked.iterator().next();
            String some = "{\"options\":{\"missing\":\"report\"},\"scope\":{\"type\":\"items\",\"itemIds\":" + list + "}}";
            String matching = "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"name\":\"*\"}}}}";
            String[] request = switch (random.nextInt(11)) {
                case 0 -> new String[] {"POST /items/query", "{\"filter\":{}}"};
                case 1 -> new String[] {"POST /items/query", "{\"filter\":{\"id\":{\"$in\":" + list + "}},\"sort\":{\"name\":\"descending\"}}"};
                case 2 -> new String[] {"POST /annotations/query", "{\"filter\":{\"$or\":[{\"label\":\"l*\"},{\"type\":\"class\"}]}}"};
                case 3 -> new String[] {"POST /export", some};
                case 4 -> new String[] {"POST /export", matching};
                case 5 -> new String[] {"GET /export?missing=report&itemIds=" + String.join(",", asked), null};
                case 6 -> new String[] {"POST /export/plan", some};
                case 7 -> new String[] {"POST /export/plan", matching};
                case 8 -> new String[] {"POST /export/plan", "{\"include\":[\"json\",\"coco\",\"voc\"]}"};
                case 9 -> new String[] {"GET /items/" + one + "/annotations", null};
                default -> new String[] {"GET /items/" + one, null};
            };
            String what = caller + ", " + request[0] + " " + request[1] + " of " + dataset;
            HttpResponse<byte[]> answer = send(caller, request[0].replaceFirst(" ", " " + dataset), request[1]);
            if (!caller.endsWith(side)) {
                assertThat(answer.statusCode()).as(what).isEqualTo(404);
                continue;
            }
            assertThat(answer.statusCode()).as(what).isIn(200, 403, 404);
            if (answer.statusCode() == 200) {
                Set<String> visible = itemsOf.get(caller);
                Set<String> shown = ids(shownOf(answer));
                assertThat(visible).as(what).containsAll(shown);
                shownBy.merge(request[0].replaceFirst("(left|right)-.*", ""), shown.size(), Integer::sum);
                if (request[0].endsWith("/plan")) {
                    long planned = visible.stream().filter(id -> !some.equals(request[1]) || asked.contains(id)).count();
                    assertThat(JsonMapper.shared().readTree(answer.body()).get("items").longValue()).as(what).isEqualTo(planned).isEqualTo(shown.size());
                }
            }
        }
        assertThat(shownBy).hasSize(6).allSatisfy((request, shown) -> assertThat(shown).as(request).isPositive());
    }

    /** Wherever a request may name something, in its path, its parameters or its body. */
    @Test
    void whatIsAnotherProjectsIsNotThere() throws Exception {
        twoProjects();
        String token = JsonMapper.shared().readTree(send("owner-right", "POST /api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"datasets:read\"]}").body())
                .get("id").stringValue();
        String link = link("owner-right", "/api/v1/datasets/d-right/export/links", "{}");
        Map<String, HttpResponse<byte[]>> answers = new TreeMap<>();
        for (String[] row : TABLE) {
            String path = row[0].replace("{victim}", "{dataset}").replace("{subject}", "guest").replace("{assignment}", "a").replace("{id}", token)
                    .replace("/api/v1/exports/links/{token}", link);
            if (path.contains("{dataset}") || path.contains("{project}") || path.startsWith("DELETE " + link) || path.contains(token)) {
                String request = path.replace("{dataset}", "d-right").replace("{project}", "right").replace("{item}", "right-1");
                answers.put(request, send("owner-left", request, row[1]));
            }
            if (path.contains("{item}")) {
                String request = path.replace("{dataset}", "d-left").replace("{item}", "right-1");
                answers.put(request, send("owner-left", request, row[1]));
            }
        }
        String[][] others = {
            {"GET /api/v1/datasets/d-left/export?itemIds=left-1,right-1", null},
            {"POST /api/v1/datasets/d-left/export", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"left-1\",\"right-1\"]}}"},
            {"POST /api/v1/datasets/d-left/export/plan", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"left-1\",\"right-1\"]}}"},
            {"GET " + link("owner-left", "/api/v1/datasets/d-left/export/links", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"right-1\"]}}"), null},
            {"PUT /api/v1/datasets/d-left/assignees/annotator-left", "{\"itemIds\":[\"left-1\",\"right-1\"]}"},
            {"POST /api/v1/datasets", "{\"name\":\"d\",\"projectId\":\"right\"}"},
            {"GET /api/v1/tokens?projectId=right", null},
            {"POST /api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"datasets:read\"],\"projectId\":\"right\"}"},
        };
        for (String[] row : others) {
            answers.put(row[0], send("owner-left", row[0], row[1]));
        }
        assertThat(answers).hasSizeGreaterThan(40).allSatisfy((request, answer) -> assertThat(answer.statusCode()).as(request).isEqualTo(404));
    }

    private String link(String caller, String path, String body) throws Exception {
        return JsonMapper.shared().readTree(send(caller, "POST " + path, body).body()).get("url").stringValue();
    }

    /** Two projects of a dataset each; annotations whose labels tell their items. */
    private Map<String, Set<String>> twoProjects() {
        Random random = new Random(6);
        Map<String, Set<String>> itemsOf = new TreeMap<>();
        for (String project : List.of("left", "right")) {
            jdbc.sql("insert into project (id, name) values (?, ?) on conflict do nothing").params(project, project).update();
            member(project, "owner-" + project, "owner", null);
            member(project, "annotator-" + project, "annotator", null);
            jdbc.sql("insert into dataset (id, project_key, name) select ?, key, ? from project where id = ? on conflict do nothing")
                    .params("d-" + project, project, project).update();
            jdbc.sql("insert into item (dataset_key, id, filename, dir, name) select d.key, ? || '-' || n, '/' || n, '/', n from dataset d,"
                    + " generate_series(1, 20) n where d.id = ? on conflict do nothing").params(project, "d-" + project).update();
            jdbc.sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label) select i.key, 0, i.dataset_key, 'a-' || i.id, 'class',"
                    + " 'label of ' || i.id from item i join dataset d on d.key = i.dataset_key where d.id = ? on conflict do nothing").param("d-" + project)
                    .update();
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
            jdbc.sql("insert into item_assignee select key, ? from item where id = any (?) on conflict do nothing")
                    .params("annotator-" + project, some.toArray(String[]::new)).update();
        }
        return itemsOf;
    }

    private static Set<String> ids(String text) {
        return Pattern.compile("(?:left|right)-[0-9]+").matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    /** An answer without what the caller said: the request that a plan and a manifest repeat, the unknown ids that an archive lists. */
    private static String shownOf(HttpResponse<byte[]> answer) throws IOException {
        if (!answer.headers().firstValue("Content-Type").orElse("").equals("application/zip")) {
            return text(answer).replaceFirst("\n\"request\":.*", "");
        }
        StringBuilder text = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!Set.of("_export/manifest.json", "_export/skipped.ndjson").contains(entry.getName())) {
                    text.append(entry.getName()).append('\n').append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return text.toString();
    }

    /** Of all that the tests with tokens have made the service count so far. */
    @AfterAll
    static void theNumbersNameNobody(@LocalServerPort int port) throws IOException {
        Wire.Answer numbers = new Wire(port).send("GET", "/actuator/prometheus", "Authorization: Bearer " + TokenMode.BOOTSTRAP + "\r\n", new byte[0]);
        assertThat(numbers.body()).contains("http_server_requests_seconds_count").doesNotContain(ITEM, "victim", "annotator-left", "right-1");
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
        HttpResponse<byte[]> answer = client.send(http.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 400) {
            assertThat(Leaks.in(text(answer))).as(request).isEmpty();
        }
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Without what differs by request: its id, and the path that was asked for. */
    private static String anonymised(String problem) {
        return problem.replaceAll("\"(instance|requestId)\":\"[^\"]*\"", "");
    }
}
