#!/usr/bin/env python3
"""Times exports of made-up datasets over HTTP, beside what else gets the same rows out, in one run, and prints one table.

usage: bench/export.py [--items 50000] [--each 10] [--sets 20] [--large 0] [--runs 3] [--heap 256m] [--plain PLAIN_EXPORT.py] [--keep FOLDER] [--out FOLDER]

Needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, gzip and psql. The service runs as its own process with its embedded
PostgreSQL, in a scratch folder that is deleted at the end: some 35 GB with --large 1000000, 18 GB without it. --sets is how many datasets
lie interleaved, --large the items of one more dataset, --plain a script that is called as
    PLAIN_EXPORT.py coco|yolo|voc IN.ndjson OUT_FOLDER
--keep names a folder for the database, which the next run finds filled, and --out gets performance.json and performance.svg. Runs of all lines
alternate, so that all have the same neighbours; medians count. Seconds are this machine's alone: compare ratios.

At first the service keeps nothing of what it renders, so each export makes all of it; then it is started again as it is by default, and the
lines that say "again" are exports that copy what the one before them kept.
"""
import argparse, concurrent.futures, json, os, platform, shutil, statistics, subprocess, sys, tempfile, threading, time, urllib.request, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
JAR = os.path.join(HERE, "..", "target", "dataset-export.jar")
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
TICK = os.sysconf("SC_CLK_TCK")
LINES = '{"options":{"json":{"layout":"lines"}}}'
SHORT = '{"scope":{"type":"query","query":{"filter":{"$and":[{"dir":"/train/0001"}]}}}}'
# Left to itself, PostgreSQL reads the annotations of all datasets and sorts those it wants, on disk: that would be a race against the neighbours.
BY_INDEX = " ".join("-c enable_%s=off" % way for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "sort")) + " -c max_parallel_workers_per_gather=0"
ROWS = """(select a.* from item i join annotation a on a.item_key = i.key
    where i.dataset_key = (select key from dataset where id = '%s') order by i.filename, i.id, a.ordinal)"""
KEPT = """(select k.item_key, k.crc32, k.size, k.annotations, k.document from dataset d join item i on i.dataset_key = d.key
    join item_json k on k.item_key = i.key and k.item_changed = i.changed where d.id = '%s' order by i.filename, i.id)"""
DOCUMENTS = """(select json_build_object('id', i.id, 'datasetId', d.id, 'createdAt', i.created_at, 'dir', i.dir, 'filename', i.filename, 'type', i.type,
    'hidden', i.hidden, 'metadata', i.metadata, 'name', i.name, 'creator', i.creator, 'updatedAt', i.updated_at, 'updatedBy', i.updated_by,
    'annotated', i.annotated, 'annotations', json_agg(json_build_object('id', a.id, 'datasetId', d.id, 'itemId', i.id, 'type', a.type, 'label', a.label,
      'attributes', a.attributes, 'coordinates', a.coordinates, 'metadata', a.metadata, 'creator', a.creator, 'createdAt', a.created_at,
      'updatedBy', a.updated_by, 'updatedAt', a.updated_at, 'source', a.source) order by a.ordinal))
    from dataset d join item i on i.dataset_key = d.key left join annotation a on a.item_key = i.key
    where d.id = '%s' group by d.key, i.key order by i.filename, i.id)"""


class Service:
    """The packaged service, and its database, which is a process of its own."""

    def __init__(self, scratch, data, heap, port, *settings):
        self.base = "http://localhost:%d/api/v1/datasets" % port
        self.log = open(os.path.join(scratch, "log"), "wb")
        self.process = subprocess.Popen(
            [JAVA, "-Xms" + heap, "-Xmx" + heap, "-jar", JAR, "--server.port=%d" % port, "--dataset-export.data-dir=" + data,
             "--dataset-export.demo=false", "--dataset-export.limits.exports=40", "--dataset-export.limits.exports-per-caller=40", *settings],
            stdout=self.log, stderr=subprocess.STDOUT)
        while self.process.poll() is None:
            try:
                urllib.request.urlopen("http://localhost:%d/actuator/health" % port).read()
                break
            except OSError:
                time.sleep(0.3)
        else:
            with open(self.log.name) as log:
                sys.exit("The service did not start:\n" + log.read()[-2000:])
        with open(self.log.name) as log:
            self.url = next(word[5:] for line in log for word in line.split() if word.startswith("jdbc:postgresql://"))
        with open(os.path.join(data, "postgres", "postmaster.pid")) as pid:
            self.postgres = int(pid.readline())

    def sql(self, *args):
        return subprocess.run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres", self.url, *args], check=True, stdout=subprocess.PIPE, text=True).stdout

    def cpu(self):
        """CPU seconds of the two trees so far, ended children included."""
        fields = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/stat" % pid) as stat:
                    rest = stat.read().rsplit(")", 1)[1].split()
                fields[int(pid)] = (int(rest[1]), sum(map(int, rest[11:15])))
            except OSError:
                pass
        tree, grown = {self.process.pid, self.postgres}, True
        while grown:
            more = {pid for pid, (parent, _) in fields.items() if parent in tree} - tree
            tree, grown = tree | more, bool(more)
        return sum(fields[pid][1] for pid in tree if pid in fields) / TICK

    def resident(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

    def export(self, dataset, body, to="/dev/null"):
        """One download: seconds, seconds to the first kilobytes, bytes."""
        out = subprocess.run(
            ["curl", "-fsS", "-o", to, "-w", "%{time_total} %{time_starttransfer} %{size_download}", "-H", "Content-Type: application/json", "-d", "@-", "%s/%s/export" % (self.base, dataset)], input=body, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        return float(out[0]), float(out[1]), int(out[2])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Table:
    def __init__(self, runs):
        self.runs, self.lines, self.results = runs, [], {}

    def measure(self, *lines):
        """Runs all lines in turn, again and again; each is a name, what it exports (items, annotations) and what to call for a dict of figures."""
        for turn in range(self.runs):
            for name, size, call in lines:
                self.results.setdefault(name, []).append(call())
                print(".", end="", file=sys.stderr, flush=True)
        for name, (items, annotations), _ in lines:
            figures = {key: statistics.median(run[key] for run in self.results[name]) for key in self.results[name][0]}
            figures.update(items=items, annotations=annotations, all_seconds=sorted(run["seconds"] for run in self.results[name]))
            self.lines.append((name, figures))
            self.results[name] = figures

    def seconds(self, name):
        return self.results[name]["seconds"]

    def print(self):
        print("\n%-40s %8s %9s %9s %8s %8s %8s %8s" % ("", "seconds", "items/s", "annot./s", "MB/s out", "first ms", "txn s", "CPU s"))
        for name, f in self.lines:
            print("%-40s %8.2f %9.0f %9.0f %8s %8s %8s %8s" % (
                name, f["seconds"], f["items"] / f["seconds"], f["annotations"] / f["seconds"],
                "%.1f" % (f["bytes"] / f["seconds"] / 1e6) if "bytes" in f else "",
                "%.0f" % (f["first"] * 1000) if "first" in f else "",
                "%.2f" % f["transaction"] if "transaction" in f else "", "%.1f" % f["cpu"] if "cpu" in f else ""))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("items", 50000), ("each", 10), ("sets", 20), ("large", 0), ("runs", 3), ("port", 18080)):
        options.add_argument("--" + name, type=int, default=default)
    options.add_argument("--heap", default="256m")
    options.add_argument("--plain")
    options.add_argument("--keep")
    options.add_argument("--out")
    o = options.parse_args()
    if o.items < 5000:
        options.error("--items must be 5000 or more: so many are exported by id")
    scratch = tempfile.mkdtemp(prefix="export-bench-")
    service = None
    try:
        data = os.path.abspath(o.keep) if o.keep else os.path.join(scratch, "data")
        service = Service(scratch, data, o.heap, o.port, "--dataset-export.kept-json=0")
        if service.sql("-c", "select count(*) from dataset where id = 'ordered'") == "0\n":
            print("loading ...", file=sys.stderr)
            service.sql(*[arg for name in ("items", "each", "sets", "large") for arg in ("-v", "%s=%d" % (name, getattr(o, name)))],
                        "-f", os.path.join(HERE, "export.sql"))
        bench = Bench(o, scratch)
        bench.render(service)
        service.stop()
        service = Service(scratch, data, o.heap, o.port)
        bench.copy(service)
        bench.print()
    finally:
        if service:
            service.stop()
        shutil.rmtree(scratch)


class Bench:
    """All lines of the table, in two lives of the service."""

    def __init__(self, o, scratch):
        self.o, self.scratch, self.table, self.ratios, self.resident = o, scratch, Table(o.runs), [], 0
        self.whole, self.large = (o.items, o.items * o.each), (o.large, o.large * o.each)
        self.aged = "aged%d" % ((o.sets + 1) // 2)

    def ratio(self, text, value, bar):
        self.ratios.append((text, value, bar))

    def export(self, service, dataset, request, watched=True):
        def call():
            transactions, done = [], threading.Event()
            watch = threading.Thread(target=watch_transactions, args=(service, transactions, done))
            if watched:
                watch.start()
            cpu = service.cpu()
            try:
                seconds, first, size = service.export(dataset, request)
                cpu = service.cpu() - cpu
            finally:
                done.set()
                if watched:
                    watch.join()
            figures = {"seconds": seconds, "first": first, "bytes": size, "cpu": cpu}
            return dict(figures, transaction=max(transactions, default=0)) if watched else figures
        return call

    def render(self, service):
        """The service makes everything anew."""
        o, table, whole, ratio, scratch = self.o, self.table, self.whole, self.ratio, self.scratch

        def export(dataset, request):
            return self.export(service, dataset, request)

        libraries = os.path.join(scratch, "app")
        subprocess.run([JAVA, "-Djarmode=tools", "-jar", JAR, "extract", "--destination", libraries], check=True, stdout=subprocess.DEVNULL)
        twin = shell("%s -Xmx%s -cp '%s/lib/*' %s/NaiveTwin.java 'jdbc:%s' postgres ordered %s/twin.zip 2>/dev/null && stat -c %%s %s/twin.zip" % (
            JAVA, o.heap, libraries, HERE, service.url, scratch, scratch))
        for request in (body("json"), LINES, body("coco"), body("yolo"), body("voc")):  # warms up
            service.export("tenth", request)
            service.export("ordered", request)

        table.measure(
            ("json", whole, export("ordered", body("json"))),
            ("COPY of the same rows in order", whole, copy(service, ROWS, "ordered", "cat >/dev/null")),
            ("json in lines", whole, export("ordered", LINES)),
            ("coco", whole, export("ordered", body("coco"))),
            ("yolo", whole, export("ordered", body("yolo"))),
            ("voc", whole, export("ordered", body("voc"))),
            ("json,coco,yolo,voc", whole, export("ordered", body("json,coco,yolo,voc"))),
            ("json, stored shuffled", whole, export("shuffled", body("json"))),
            ("COPY of the rows, stored shuffled", whole, copy(service, ROWS, "shuffled", "cat >/dev/null")),
            ("json, interleaved and updated", whole, export(self.aged, body("json"))),
            ("coco, interleaved and updated", whole, export(self.aged, body("coco"))),
            ("json, a tenth of the items", (o.items // 10, o.items * o.each // 10), export("tenth", body("json"))),
            ("json, a query's 1000 items", (min(o.items, 1000), min(o.items, 1000) * o.each), export("ordered", SHORT)),
            ("json, 5000 ids", (5000, 5000 * o.each), export("ordered", ids(5000))))
        table.measure(("naive twin, one thread", whole, twin),
                      ("psql COPY (json_agg) | gzip", whole, copy(service, DOCUMENTS, "ordered", "gzip | wc -c")))
        s = table.seconds
        ratio("json is faster than psql | gzip", s("psql COPY (json_agg) | gzip") / s("json"), ">= 4")
        ratio("size of json of that of psql | gzip", table.results["json"]["bytes"] / table.results["psql COPY (json_agg) | gzip"]["bytes"], "<= 1")
        ratio("json in lines is faster than psql | gzip", s("psql COPY (json_agg) | gzip") / s("json in lines"), ">= 4")
        ratio("size of json in lines of that of psql | gzip", table.results["json in lines"]["bytes"] / table.results["psql COPY (json_agg) | gzip"]["bytes"], "<= 1")
        ratio("json takes times COPY", s("json") / s("COPY of the same rows in order"), "<= 1.5")
        ratio("json takes times COPY, stored shuffled", s("json, stored shuffled") / s("COPY of the rows, stored shuffled"), "<= 1.5")
        ratio("json is faster than the naive twin", s("naive twin, one thread") / s("json"), ">= 3")
        for name in ("coco", "yolo", "voc"):
            ratio(name + " takes times json", s(name) / s("json"), "<= 1.5")
        ratio("json of ten times the items, time per annotation", s("json") / s("json, a tenth of the items") / 10, "<= 1.2")
        for name in ("json", "coco"):
            ratio(name + ", interleaved and updated, takes times ordered", s(name + ", interleaved and updated") / s(name), "<= 1.3")
        if o.plain:
            plain(o, service, scratch, table, whole, ratio)
        first_entries(service, ratio)
        concurrent_exports(service, "", ratio)
        stalled_readers(service, ratio)
        if o.large:
            table.runs = 1
            json_of_ordered = export("ordered", body("json"))
            before = json_of_ordered()["seconds"]
            table.measure(("json, large", self.large, export("large", body("json"))))
            json_of_ordered()  # back to where it is read from
            small = (before + json_of_ordered()["seconds"]) / 2
            table.measure(("coco, large", self.large, export("large", body("coco"))))
            ratio("json of %d times the items, time per annotation" % (o.large // o.items), s("json, large") / small * o.items / o.large, "<= 1.2")
        self.resident = service.resident()

    def copy(self, service):
        """The service copies what it kept."""
        table, s = self.table, self.table.seconds

        def again(dataset):
            return self.export(service, dataset, body("json"), watched=False)

        # The datasets were exported before, so the first export keeps what it renders.
        for dataset in ("tenth", "shuffled", "shuffled"):  # warms up
            again(dataset)()
        table.runs = 1
        table.measure(("json, keeping it", self.whole, again("ordered")))
        for dataset in (self.aged, self.aged, "ordered"):  # keeps what there was no time for
            again(dataset)()
        table.runs = 3 * self.o.runs
        table.measure(
            ("json again", self.whole, again("ordered")),
            ("COPY of what was kept", self.whole, copy(service, KEPT, "ordered", "cat >/dev/null", " (format binary)")),
            ("json again, interleaved and updated", self.whole, again(self.aged)))
        self.ratio("json again takes times COPY of what was kept", s("json again") / s("COPY of what was kept"), "<= 1.2")
        self.ratio("json again, interleaved and updated, takes times ordered", s("json again, interleaved and updated") / s("json again"), "<= 1.3")
        self.ratio("json that is kept takes times json", s("json, keeping it") / s("json"), "")
        concurrent_exports(service, ", again", self.ratio)
        if self.o.large:
            for _ in range(2):
                again("large")()
            table.runs = 1
            table.measure(("json again, large", self.large, again("large")))
        self.resident = max(self.resident, service.resident())
        self.kept = [int(n) for n in service.sql(
            "-c", "select pg_total_relation_size('item_json'), (select sum(octet_length(k.document)) from item_json k join dataset d on d.key = k.dataset_key"
            " where d.id = 'ordered'), (select sum(a.bytes) from annotation a join dataset d on d.key = a.dataset_key where d.id = 'ordered')").split("|")]

    def print(self):
        o = self.o
        self.table.print()
        print("\nPeak resident memory of the service: %.0f MB at -Xms%s -Xmx%s" % (self.resident, o.heap, o.heap))
        print("Kept: %.0f MB of documents for %.0f MB of annotations (ordered)\n" % (self.kept[1] / 1e6, self.kept[2] / 1e6))
        for text, value, bar in self.ratios:
            print("%-66s %7.2f%s" % (text, value, "   asked: " + bar if bar else ""))
        if o.out:
            os.makedirs(o.out, exist_ok=True)
            with open(os.path.join(o.out, "performance.json"), "w") as out:
                json.dump({"machine": machine(), "options": {k: v for k, v in vars(o).items() if k not in ("out", "plain", "port", "keep")},
                           "resident_mb": round(self.resident), "lines": dict(self.table.lines),
                           "ratios": [{"what": t, "value": v, "asked": b} for t, v, b in self.ratios]}, out, indent=1)
                out.write("\n")
            with open(os.path.join(o.out, "performance.svg"), "w") as out:
                out.write(plot([(name, f["annotations"] / f["seconds"]) for name, f in self.table.lines]))


def body(include):
    return json.dumps({"include": include.split(",")})


def shell(command):
    def call():
        start = time.perf_counter()
        out = subprocess.run(["bash", "-c", "set -o pipefail; " + command], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        return dict(seconds=time.perf_counter() - start, **({"bytes": int(out)} if out.isdigit() else {}))
    return call


def copy(service, query, dataset, pipe, form=""):
    statement = "copy %s to stdout%s" % (" ".join((query % dataset).split()), form)
    return shell("PGOPTIONS='%s' psql -q -U postgres '%s' -c \"%s\" | %s" % (BY_INDEX, service.url, statement, pipe))


def ids(count):
    return json.dumps({"scope": {"type": "items", "itemIds": ["%024x" % n for n in range(count)]}})


def watch_transactions(service, seen, done):
    """Notes how long the transactions of exports have lasted, 20 times a second."""
    statement = ("select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity"
                 " where xact_start is not null and application_name <> 'psql' and backend_type = 'client backend' \\watch 0.05\n")
    psql = subprocess.Popen(["psql", "-qAt", "-U", "postgres", service.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    psql.stdin.write(statement)
    psql.stdin.flush()
    done.wait()
    psql.terminate()
    for line in psql.stdout:
        try:
            seen.append(float(line))
        except ValueError:
            pass
    psql.wait()


def plain(o, service, scratch, table, whole, ratio):
    """The straight script over ready JSON files: no database, no ZIP."""
    archive, lines = os.path.join(scratch, "plain.zip"), os.path.join(scratch, "plain.ndjson")
    service.export("ordered", json.dumps({}), archive)
    with zipfile.ZipFile(archive) as zipped, open(lines, "wb") as out:
        for name in zipped.namelist():
            if name.startswith("json/"):
                out.write(zipped.read(name) + b"\n")
    os.remove(archive)
    table.measure(*[("plain_export.py " + name, whole, shell("python3 '%s' %s '%s' '%s/plain-%s' >/dev/null" % (o.plain, name, lines, scratch, name)))
                    for name in ("coco", "yolo", "voc")])
    for name in ("coco", "yolo", "voc"):
        ratio(name + " is faster than plain_export.py", table.seconds("plain_export.py " + name) / table.seconds(name), ">= 5")


def first_entries(service, ratio):
    """When a first entry of items has arrived whole: 64 kB hold several."""
    def first():
        start = time.perf_counter()
        request = urllib.request.Request("%s/ordered/export" % service.base, body("json").encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            answer.read(16384)
            return time.perf_counter() - start
    times = sorted(first() for _ in range(200))
    ratio("first 16 kB of archive, ms, median of 200", times[100] * 1000, "< 100")
    stalled = stall(service, 8)
    times = sorted(first() for _ in range(200))
    ratio("the same beside 8 stalled clients, ms, 99 of 100", times[197] * 1000, "< 100")
    for answer in stalled:
        answer.close()
    time.sleep(2)


def stall(service, count):
    """Clients that read nothing, when the service has read all that they want and waits for them alone."""
    request = urllib.request.Request("%s/ordered/export" % service.base, body("json").encode(), {"Content-Type": "application/json"})
    clients = [urllib.request.urlopen(request) for _ in range(count)]
    while service.sql("-c", "select count(*) from pg_stat_activity where application_name like 'dataset-export export' and xact_start is not null") != "0\n":
        time.sleep(0.2)
    return clients


def concurrent_exports(service, which, ratio):
    request, together, spread = ids(5000), [], []
    for _ in range(5):  # each round has its own best export alone: a machine has faster and slower minutes
        alone = min(service.export("ordered", request)[0] for _ in range(5))
        start = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            times = [future.result()[0] for future in [pool.submit(service.export, "ordered", request) for _ in range(16)]]
        together.append(16 / (time.perf_counter() - start) * alone)
        spread.append(max(times) / min(times))
    ratio("16 exports of 5000 items at once%s, throughput of one alone" % which, statistics.median(together), ">= 0.9")
    ratio("the slowest of them takes times the fastest", statistics.median(spread), "< 2")


def stalled_readers(service, ratio):
    def planned():
        times = []
        for _ in range(21):
            start = time.perf_counter()
            request = urllib.request.Request("%s/ordered/export/plan" % service.base, body("json,coco").encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request).read()
            times.append(time.perf_counter() - start)
        return statistics.median(times[1:])
    before = planned()
    stalled = stall(service, 16)
    ratio("a plan beside 16 stalled downloads takes times one alone", planned() / before, "<= 2")
    for answer in stalled:
        answer.close()
    time.sleep(2)


def machine():
    with open("/proc/cpuinfo") as cpuinfo:
        model = next((line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as meminfo:
        memory = int(meminfo.readline().split()[1]) // 1024 ** 2
    java = subprocess.run([JAVA, "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    return {"cpu": model, "cores": os.cpu_count(), "memory_gib": memory, "system": "%s %s" % (platform.system(), platform.release()), "java": java}


def plot(rows):
    """Bars of annotations per second, as SVG."""
    width, height, left, most = 760, 24, 290, max(rate for _, rate in rows)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">' % (width, height * len(rows) + 34),
           '<title>Annotations per second</title><rect width="100%" height="100%" fill="#fff"/><text x="8" y="18" font-weight="bold">annotations per second</text>']
    for i, (name, rate) in enumerate(rows):
        y, bar = 30 + i * height, (width - left - 70) * rate / most
        ours = not name.startswith(("COPY", "psql", "plain", "naive"))
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text><rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d" fill="#444">%s</text>' % (
            left - 8, y + 14, name.replace("&", "&amp;").replace("<", "&lt;"), left, y, bar, height - 6, "#2563ab" if ours else "#b8b8b8",
            left + bar + 6, y + 14, format(round(rate, -2), ",.0f")))
    return "\n".join(out + ["</svg>", ""])


if __name__ == "__main__":
    main()
