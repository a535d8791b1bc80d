package io.datasetexport.catalog;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.access.ProjectRef;
import io.datasetexport.model.CodePoints;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.SafeNames;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** What datasets there are, and what is known of each without reading its items. */
@Service
public class Catalog {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final DatasetRepository datasets;
    private final LabelRepository labels;
    // Counting reads the dataset's index: done once for a revision. One small entry for each dataset that was looked at.
    private final Map<Long, Counts> counted = new ConcurrentHashMap<>();

    Catalog(DatasetRepository datasets, LabelRepository labels) {
        this.datasets = datasets;
        this.labels = labels;
    }

    private record Counts(long revision, long items, long annotations) {}

    /** By id in code-point order. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public List<DatasetLine> lines(List<DatasetRef> refs) {
        Map<Long, DatasetRef> byKey = refs.stream().collect(Collectors.toMap(DatasetRef::key, Function.identity()));
        return datasets.findAllByKeyInOrderById(List.copyOf(byKey.keySet())).stream()
                .map(dataset -> line(dataset, Objects.requireNonNull(byKey.get(dataset.key))))
                .toList();
    }

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public DatasetDetail detail(DatasetRef ref) {
        DatasetEntity dataset = datasets.findById(ref.key())
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset."));
        DatasetLine line = line(dataset, ref);
        var facts = new DatasetFacts(
                ref.key(),
                dataset.id,
                dataset.name,
                line.revision(),
                dataset.ontology,
                dataset.recipe,
                labels.findAllByIdDatasetKeyOrderByIdNumber(ref.key()).stream().map(LabelEntity::label).toList());
        Counts counts = ref.assignee() != null
                ? new Counts(
                        line.revision(),
                        datasets.assignedItems(ref.key(), ref.assignee()),
                        datasets.assignedAnnotations(ref.key(), ref.assignee()))
                : counted.compute(ref.key(), (key, known) -> known != null && known.revision == line.revision() ? known : count(key, line));
        return new DatasetDetail(line, facts, counts.items, counts.annotations);
    }

    /** Creates a dataset; its labels are numbered from 0 in code-point order of their paths. Refused with conflict when its id is taken. */
    @Transactional
    public DatasetRef create(ProjectRef project, NewDataset wanted) {
        String id = wanted.id() == null ? randomId() : wanted.id();
        if (datasets.isTaken(id)) {
            throw taken();
        }
        DatasetEntity dataset;
        try {
            dataset = datasets.save(new DatasetEntity(id, project.key(), wanted.name(), wanted.ontology(), wanted.recipe()));
        } catch (DataIntegrityViolationException e) {
            // Somebody was faster.
            throw taken();
        }
        long key = Objects.requireNonNull(dataset.key);
        labels.saveAll(numbered(key, wanted.labels()));
        dataset.nextLabelNumber = wanted.labels().size();
        return new DatasetRef(key, id, project.key(), project.id());
    }

    private static RequestRefused taken() {
        return new RequestRefused(ProblemType.CONFLICT, "There is a dataset with this id already.", "/id");
    }

    private static List<LabelEntity> numbered(long datasetKey, List<NewLabel> wanted) {
        List<LabelEntity> numbered = new ArrayList<>(wanted.size());
        Set<String> taken = new HashSet<>();
        for (NewLabel label : wanted.stream().sorted(Comparator.comparing(NewLabel::path, CodePoints.ORDER)).toList()) {
            String folder = SafeNames.free(SafeNames.segment(label.path()), taken);
            numbered.add(new LabelEntity(datasetKey, numbered.size(), label, folder, SafeNames.key(folder)));
        }
        return numbered;
    }

    private DatasetLine line(DatasetEntity dataset, DatasetRef ref) {
        return new DatasetLine(
                dataset.id,
                dataset.name,
                ref.projectId(),
                dataset.storage,
                datasets.revision(ref.key()),
                Objects.requireNonNull(dataset.createdAt));
    }

    private Counts count(long key, DatasetLine line) {
        return new Counts(line.revision(), datasets.items(key), datasets.annotations(key));
    }

    private static String randomId() {
        byte[] id = new byte[12];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
