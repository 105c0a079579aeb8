package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file in a form as the requests of a batch, unless the form says that it is for
 * something else. The purpose may follow the file. A form in which another reader could find a
 * different file or purpose gets no verdict.
 */
final class BatchFormScan implements BodyPart.FormPart {
  private static final String PURPOSE = "purpose";
  private static final String FILE = "file";
  private static final String BATCH = "batch";

  private final ProviderApi api;
  private final ObeyedCaps caps;
  private final boolean knownToolsOnly;
  private final String boundary;
  private @Nullable BatchScan file;
  private boolean inFile;
  private boolean isBatch;
  private boolean isOther;
  private boolean complete;

  /**
   * @param caps the caps that the provider obeys
   * @param knownToolsOnly whether a tool of a type that is not known is a fault
   */
  BatchFormScan(ProviderApi api, ObeyedCaps caps, boolean knownToolsOnly, String boundary) {
    this.api = api;
    this.caps = caps;
    this.knownToolsOnly = knownToolsOnly;
    this.boundary = boundary;
  }

  /** What was found in the file; empty unless the form is complete and its purpose is a batch. */
  Optional<BatchVerdict> verdict() {
    return complete && isBatch && !isOther
        ? Optional.ofNullable(file).map(BatchScan::end)
        : Optional.empty();
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    isOther = true;
  }

  @Override
  public void complete() {
    complete = true;
  }

  @Override
  public boolean wants(PartHead part) {
    inFile = false;
    String base = part.baseName();
    if (base.equals(PURPOSE)) {
      isOther |= isBatch || !part.isPlainText() || !part.name().equals(base);
      return part.isPlainText();
    }
    if (part.isFile() || base.equals(FILE)) {
      isOther |= file != null || !part.isFile() || !part.name().equals(FILE);
      inFile = !isOther;
      file = new BatchScan(api, caps, knownToolsOnly);
    }
    return false;
  }

  @Override
  public void content(String text, long from, long to) {
    isBatch = text.equals(BATCH);
    isOther |= !isBatch;
  }

  @Override
  public boolean passes(PartHead part) {
    return inFile;
  }

  @Override
  public void piece(byte[] bytes, int from, int to) {
    if (inFile && !isOther && file != null && !file.isOver()) {
      file.read(bytes, from, to);
    }
  }
}
