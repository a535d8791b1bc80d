package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportPlan.Counts;
import io.datasetexport.export.ExportPlan.TypeAndLabel;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.Reason;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.read.DatasetGone;
import io.datasetexport.read.Snapshot;
import io.datasetexport.read.Snapshots;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Says what an export would hold: everything that an export refuses is refused here too. */
@Service
public class ExportPlans {

    private static final Logger log = LoggerFactory.getLogger(ExportPlans.class);

    /** So many types and labels are listed. */
    private static final int MOST_LISTED = 10_000;

    private final Snapshots snapshots;
    private final ExportPermits permits;
    private final ExportWriters writers;

    ExportPlans(Snapshots snapshots, ExportPermits permits, ExportWriters writers) {
        this.snapshots = snapshots;
        this.permits = permits;
        this.writers = writers;
    }

    /**
     * The plan as JSON, UTF-8.
     *
     * @throws RequestRefused as for the export itself; it takes the permit of one while it counts
     */
    public byte[] plan(Caller caller, DatasetRef dataset, ExportRequest request) {
        try (var _ = permits.take(caller); Snapshot snapshot = snapshots.open(dataset)) {
            Exports.choose(request, snapshot);
            List<FormatWriter> formats = writers.of(request, snapshot.dataset());
            return json(snapshot.dataset(), request, ExportPlan.of(snapshot.dataset(), snapshot.census(), formats)).toByteArray();
        } catch (DatasetGone e) {
            throw Exports.gone();
        } catch (IOException e) {
            log.warn("An export of dataset {} could not be planned: {}", dataset.id(), e.getMessage());
            throw Exports.refusal(e);
        }
    }

    private static Utf8Buffer json(DatasetFacts dataset, ExportRequest request, ExportPlan plan) {
        Utf8Buffer json = new Utf8Buffer();
        json.append("{\"dataset\":{\"id\":").appendJsonString(dataset.id()).append(",\"name\":").appendJsonString(dataset.name());
        json.append("},\"revision\":\"").append(dataset.revision()).append("\",\n\"request\":").append(request.canonicalJson());
        json.append(",\n\"items\":").append(plan.items()).append(",\"annotations\":").append(plan.annotations());
        annotations(json.append(",\n\"annotationsBy\":"), dataset, plan.byTypeAndLabel());
        json.append(",\n\"formats\":{");
        String separator = "\n";
        for (Map.Entry<ExportFormat, Counts> format : plan.formats().entrySet()) {
            Counts counts = format.getValue();
            json.append(separator).append('"').append(format.getKey().id()).append("\":{\"items\":").append(counts.items);
            json.append(",\"annotations\":").append(counts.annotations);
            reasons(json.append(",\"leftOut\":"), counts.leftOut);
            reasons(json.append(",\"changed\":"), counts.changed);
            if (counts.atLeast()) {
                json.append(",\"atLeast\":true,\"undecided\":").append(counts.undecided);
            }
            json.append('}');
            separator = ",\n";
        }
        json.append("},\n\"warnings\":[");
        separator = "\n";
        for (ExportPlan.Warning warning : plan.warnings(request)) {
            json.append(separator).append("{\"warning\":\"").append(warning.id()).append("\",\"count\":").append(warning.count());
            json.append(",\"text\":").appendJsonString(warning.text()).append('}');
            separator = ",\n";
        }
        return json.append("],\n\"estimatedBytes\":").append(plan.estimatedBytes()).append("}\n");
    }

    private static void annotations(Utf8Buffer json, DatasetFacts dataset, Map<TypeAndLabel, Long> counts) {
        Set<String> retired =
                dataset.labels().stream().filter(Label::retired).map(Label::path).collect(Collectors.toSet());
        String separator = "[\n";
        int listed = 0;
        for (Map.Entry<TypeAndLabel, Long> entry : counts.entrySet()) {
            if (listed++ == MOST_LISTED) {
                break;
            }
            TypeAndLabel of = entry.getKey();
            json.append(separator).append("{\"type\":").appendJsonString(of.type()).append(",\"label\":").appendJsonString(of.label());
            json.append(",\"annotations\":").append(entry.getValue());
            json.append(retired.contains(of.label()) ? ",\"retired\":true}" : "}");
            separator = ",\n";
        }
        json.append(counts.isEmpty() ? "[]" : "]");
        if (counts.size() > MOST_LISTED) {
            json.append(",\"annotationsByMore\":").append(counts.size() - MOST_LISTED);
        }
    }

    /** Appends counts by reason. */
    static void reasons(Utf8Buffer json, Map<Reason, Long> counts) {
        String separator = "{";
        for (Map.Entry<Reason, Long> entry : counts.entrySet()) {
            json.append(separator).append('"').append(entry.getKey().id()).append("\":").append(entry.getValue());
            separator = ",";
        }
        json.append(counts.isEmpty() ? "{}" : "}");
    }
}
