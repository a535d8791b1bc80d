package io.datasetexport.pipeline;

/** Is told what exports do while they do it, from several threads. */
public interface Progress {

    Progress NOBODY = new Progress() {
        @Override
        public void assembled(long items, long annotations, long copied) {}

        @Override
        public void sent(long bytes) {}
    };

    /** Some items with their annotations are part of an archive now; {@code copied} of the items as they were kept. */
    void assembled(long items, long annotations, long copied);

    /** Some bytes of an archive were taken by the client's connection. */
    void sent(long bytes);
}
