import java.io.File;
import java.util.List;
import org.example.client.ApiClient;
import org.example.client.ApiException;
import org.example.client.api.DatasetsApi;
import org.example.client.api.ExportsApi;
import org.example.client.model.DatasetLine;
import org.example.client.model.ExportRequest;

/** Downloads every dataset that the caller can see, with a client that openapi-generator made from api/openapi.yaml. */
class DownloadExport {

    static List<File> from(String service) throws ApiException {
        ApiClient client = new ApiClient();
        client.updateBaseUri(service);
        ExportRequest wanted = new ExportRequest().include(List.of(ExportRequest.IncludeEnum.JSON, ExportRequest.IncludeEnum.COCO));
        ExportsApi exports = new ExportsApi(client);
        List<File> archives = new java.util.ArrayList<>();
        for (DatasetLine dataset : new DatasetsApi(client).listDatasets()) {
            archives.add(exports.exportDataset(dataset.getId(), wanted, null));
        }
        return archives;
    }

    public static void main(String[] arguments) throws ApiException {
        from(arguments.length > 0 ? arguments[0] : "http://localhost:8080").forEach(IO::println);
    }
}
