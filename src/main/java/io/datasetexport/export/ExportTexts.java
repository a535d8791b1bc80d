package io.datasetexport.export;

import io.datasetexport.format.ExportFormat;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.pipeline.ArchiveTexts;
import io.datasetexport.pipeline.Tally;
import io.datasetexport.text.Utf8Buffer;

/** The entries of an archive that speak of the export: they hold no clock and no random id, so the same data gives the same bytes. */
final class ExportTexts implements ArchiveTexts {

    private final DatasetFacts dataset;
    private final ExportRequest request;
    private final String writer;

    /** @param writer name and version of the program */
    ExportTexts(DatasetFacts dataset, ExportRequest request, String writer) {
        this.dataset = dataset;
        this.request = request;
        this.writer = writer;
    }

    @Override
    public Utf8Buffer dataset() {
        Utf8Buffer json = new Utf8Buffer();
        json.append("{\"id\":").appendJsonString(dataset.id()).append(",\"name\":").appendJsonString(dataset.name());
        json.append(",\n\"labels\":[");
        String separator = "\n";
        for (Label label : dataset.labels()) {
            json.append(separator).append("{\"number\":").append(label.number());
            json.append(",\"label\":").appendJsonString(label.path()).append(",\"segments\":[");
            for (int i = 0; i < label.segments().size(); i++) {
                json.append(i == 0 ? "" : ",").appendJsonString(label.segments().get(i));
            }
            json.append("]");
            if (label.color() != null) {
                json.append(",\"color\":").appendJsonString(label.color());
            }
            json.append(",\"folder\":").appendJsonString(label.folder());
            json.append(label.retired() ? ",\"retired\":true}" : "}");
            separator = ",\n";
        }
        json.append("]");
        if (dataset.ontology() != null) {
            json.append(",\n\"ontology\":").append(dataset.ontology());
        }
        if (dataset.recipe() != null) {
            json.append(",\n\"recipe\":").append(dataset.recipe());
        }
        return json.append("}\n");
    }

    @Override
    public Utf8Buffer manifest(Tally tally, long entries) {
        Utf8Buffer json = new Utf8Buffer();
        json.append("{\"complete\":true,\"format\":\"dataset-export/1\",\n\"dataset\":{\"id\":").appendJsonString(dataset.id());
        json.append(",\"name\":").appendJsonString(dataset.name());
        json.append("},\"revision\":\"").append(dataset.revision());
        json.append("\",\n\"request\":").append(request.canonicalJson());
        json.append(",\n\"writer\":").appendJsonString(writer);
        json.append(",\"items\":").append(tally.items()).append(",\"annotations\":").append(tally.annotations());
        json.append(",\"entries\":").append(entries).append(",\n\"formats\":{");
        String separator = "\n";
        for (ExportFormat format : request.include()) {
            Tally.FormatTally counts = tally.of(format);
            json.append(separator).append('"').append(format.id()).append("\":{\"items\":").append(counts.items());
            json.append(",\"annotations\":").append(counts.annotations());
            ExportPlans.reasons(json.append(",\"leftOut\":"), counts.leftOut());
            ExportPlans.reasons(json.append(",\"changed\":"), counts.changed());
            json.append('}');
            separator = ",\n";
        }
        return json.append("}}\n");
    }
}
