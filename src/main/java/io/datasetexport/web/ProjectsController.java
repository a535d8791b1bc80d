package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.ProjectRef;
import io.datasetexport.access.Projects;
import io.datasetexport.access.Role;
import io.datasetexport.access.Scope;
import io.datasetexport.export.Limits;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Projects, who is in them as what, and which items are whose to annotate. */
@RestController
@Tag(name = "Projects")
@RequestMapping("/api/v1")
class ProjectsController {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int LONGEST = 255;

    private final Access access;
    private final Projects projects;
    private final Limits limits;
    private final JsonBody body;

    ProjectsController(Access access, Projects projects, Limits limits, JsonBody body) {
        this.access = access;
        this.projects = projects;
        this.limits = limits;
        this.body = body;
    }

    @GetMapping(path = "/projects", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The projects that the caller can see, with the caller's role")
    List<Project> listProjects(Caller caller) {
        return projects.lines(caller, access.visibleProjects(caller)).stream()
                .map(line -> new Project(line.id(), line.name(), line.role() == null ? null : line.role().id()))
                .toList();
    }

    @Audited(Act.CREATE_PROJECT)
    @PostMapping(path = "/projects", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = NewProject.class)))
    @Operation(summary = "Create a project, and own it")
    @Answers(refuses = ProblemType.CONFLICT)
    Project createProject(Caller caller, HttpServletRequest request) throws IOException {
        JsonPlace wanted = StrictJson.object(body.of(request)).only(Set.of("id", "name"));
        JsonPlace id = wanted.required("id");
        if (!ID.matcher(id.text()).matches() || id.text().equals(".") || id.text().equals("..")) {
            throw id.refuse("must be 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        JsonPlace name = wanted.required("name");
        requireLine(name.text(), name.pointer());
        ProjectRef created = projects.create(caller, id.text(), name.text());
        AuditTrail.Note.required(request).project(created);
        return new Project(created.id(), name.text(), Role.OWNER.id());
    }

    @GetMapping(path = "/projects/{project}/members", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The members of a project")
    List<Member> listMembers(Caller caller, @PathVariable String project) {
        return projects.members(access.requireProject(caller, project, Action.ADMINISTER)).stream().map(Member::of).toList();
    }

    @Audited(Act.PUT_MEMBER)
    @PutMapping(path = "/projects/{project}/members/{subject}", produces = MediaType.APPLICATION_JSON_VALUE)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Membership.class)))
    @Operation(summary = "Give somebody a role in a project, or another one")
    @Answers(refuses = ProblemType.CONFLICT)
    Member putMember(Caller caller, @PathVariable String project, @PathVariable String subject, HttpServletRequest request)
            throws IOException {
        ProjectRef ref = access.requireProject(caller, project, Action.ADMINISTER);
        requireLine(subject, "subject");
        JsonPlace wanted = StrictJson.object(body.of(request)).only(Set.of("role", "scopes"));
        JsonPlace role = wanted.required("role");
        Role named = Role.named(role.text())
                .orElseThrow(() -> role.refuse("must be one of " + Stream.of(Role.values()).map(Role::id).collect(Collectors.joining(", "))));
        JsonPlace scopes = wanted.member("scopes");
        AuditTrail.Note.required(request).asked(named.id() + (scopes == null ? "" : " " + scopes.json()));
        if (named == Role.SERVICE) {
            Projects.Member member = new Projects.Member(subject, named, scopes(wanted.required("scopes"), Scope.OF_SERVICES));
            projects.put(ref, member);
            return Member.of(member);
        }
        if (scopes != null) {
            throw scopes.refuse("belongs to the role service");
        }
        Projects.Member member = new Projects.Member(subject, named, Set.of());
        projects.put(ref, member);
        return Member.of(member);
    }

    @Audited(Act.REMOVE_MEMBER)
    @DeleteMapping("/projects/{project}/members/{subject}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take somebody out of a project")
    @Answers(refuses = ProblemType.CONFLICT)
    void removeMember(Caller caller, @PathVariable String project, @PathVariable String subject) {
        projects.remove(access.requireProject(caller, project, Action.ADMINISTER), subject);
    }

    @Audited(Act.ASSIGN)
    @PutMapping("/projects/{project}/assignments/{assignment}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Assignee.class)))
    @Operation(summary = "Say whose an assignment of the platform is", description = "Items name assignments in `metadata.system.refs`; an annotator sees the items of his or her own.")
    void putAssignment(Caller caller, @PathVariable String project, @PathVariable String assignment, HttpServletRequest request)
            throws IOException {
        ProjectRef ref = access.requireProject(caller, project, Action.ASSIGN);
        requireLine(assignment, "assignment");
        JsonPlace subject = StrictJson.object(body.of(request)).only(Set.of("subject")).required("subject");
        requireLine(subject.text(), subject.pointer());
        projects.assign(ref, assignment, subject.text());
    }

    @Audited(Act.ASSIGN)
    @DeleteMapping("/projects/{project}/assignments/{assignment}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take an assignment from whoever has it")
    void removeAssignment(Caller caller, @PathVariable String project, @PathVariable String assignment) {
        projects.assign(access.requireProject(caller, project, Action.ASSIGN), assignment, null);
    }

    @Audited(Act.ASSIGN)
    @PutMapping("/datasets/{dataset}/assignees/{subject}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Items.class)))
    @Operation(summary = "Say which items of a dataset are somebody's to annotate", description = "These and no others.")
    @Answers(refuses = {ProblemType.ITEMS_NOT_FOUND, ProblemType.TOO_MANY_IDS})
    void assignItems(Caller caller, @PathVariable String dataset, @PathVariable String subject, HttpServletRequest request) throws IOException {
        var ref = access.require(caller, dataset, Action.ASSIGN);
        requireLine(subject, "subject");
        JsonPlace itemIds = StrictJson.object(body.of(request)).only(Set.of("itemIds")).required("itemIds");
        List<JsonPlace> elements = itemIds.elements();
        if (elements.size() > limits.itemIds()) {
            throw new RequestRefused(
                    ProblemType.TOO_MANY_IDS, "The request names more than " + limits.itemIds() + " items.", itemIds.pointer());
        }
        Set<String> ids = elements.stream().map(JsonPlace::text).collect(Collectors.toCollection(LinkedHashSet::new));
        projects.assign(ref, subject, new ArrayList<>(ids));
    }

    /** A list of scopes, each once, none but the offered ones. */
    static Set<Scope> scopes(JsonPlace list, Set<Scope> offered) {
        Set<Scope> scopes = list.elements().stream()
                .map(element -> Scope.named(element.text()).filter(offered::contains).orElseThrow(() -> element.refuse("must be one of "
                        + String.join(", ", offered.stream().map(Scope::id).collect(Collectors.toCollection(TreeSet::new))))))
                .collect(Collectors.toSet());
        if (scopes.isEmpty()) {
            throw list.refuse("must name at least one scope");
        }
        return scopes;
    }

    static void requireLine(String text, String place) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new RequestRefused(ProblemType.VALIDATION, "\"" + JsonPlace.shown(place) + "\" must be a line of 1 to " + LONGEST + " characters.", place);
        }
    }

    /** @param role the caller's; null for the local mode's owner, who needs none */
    record Project(String id, String name, @Nullable String role) {}

    record NewProject(String id, String name) {}

    /** @param scopes of a service, null for people */
    record Member(String subject, String role, @Nullable List<String> scopes) {

        static Member of(Projects.Member member) {
            return new Member(
                    member.subject(),
                    member.role().id(),
                    member.role() == Role.SERVICE ? member.scopes().stream().map(Scope::id).sorted().toList() : null);
        }
    }

    record Membership(String role, @Nullable List<String> scopes) {}

    record Assignee(String subject) {}

    @Schema(name = "ItemIds")
    record Items(List<String> itemIds) {}
}
