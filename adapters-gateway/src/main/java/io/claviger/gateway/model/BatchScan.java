package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedUse;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as the input of a batch while the file is forwarded. Each line of the file is one
 * request. The scan stops at the first fault. The scan keeps only the state of the current line,
 * and the sums for each model.
 */
final class BatchScan {
  private final ProviderApi api;
  private final ObeyedCaps caps;
  private final boolean knownToolsOnly;
  private final BatchSums sums = new BatchSums();
  private @Nullable BatchLine line;
  private @Nullable BatchRefusal fault;
  private String path = "";
  private int number = 1;
  private long lineBytes;
  private int requests;
  private int firstStored;

  /** Whether the last byte was a carriage return, which is valid only at the end of a line. */
  private boolean returned;

  /**
   * @param caps the settings that the provider is known to obey, such as a maximum of output tokens
   * @param knownToolsOnly whether an unknown type of tool is a fault
   */
  BatchScan(ProviderApi api, ObeyedCaps caps, boolean knownToolsOnly) {
    this.api = api;
    this.caps = caps;
    this.knownToolsOnly = knownToolsOnly;
  }

  /** Whether the verdict is final, so that the rest of the file need not be read. */
  boolean isOver() {
    return fault != null;
  }

  void read(byte[] bytes, int from, int to) {
    int begin = from;
    for (int i = from; i < to && fault == null; i++) {
      if (bytes[i] == '\n') {
        part(bytes, begin, i);
        endLine();
        begin = i + 1;
        returned = false;
      } else if (returned) {
        // Some readers treat a single carriage return as the end of a line.
        refuse(Reason.NOT_JSON);
      } else {
        returned = bytes[i] == '\r';
      }
    }
    part(bytes, begin, to);
  }

  /** Returns the verdict on the file. Called once the file has ended. */
  BatchVerdict end() {
    endLine();
    if (fault == null && requests == 0) {
      fault = new BatchRefusal(0, Reason.EMPTY);
    }
    if (fault != null) {
      return BatchVerdict.of(fault);
    }
    return new BatchVerdict(
        requests,
        path,
        sums.uses(),
        firstStored == 0 ? OptionalInt.empty() : OptionalInt.of(firstStored),
        Optional.empty());
  }

  private void part(byte[] bytes, int from, int to) {
    if (fault != null || from == to) {
      return;
    }
    lineBytes += to - from;
    if (lineBytes > BatchVerdict.LONGEST_LINE) {
      refuse(Reason.TOO_LONG);
      return;
    }
    int begin = line == null ? afterBlanks(bytes, from, to) : from;
    if (begin == to) {
      return;
    }
    try {
      line().read(bytes, begin, to);
    } catch (MalformedBody e) {
      refuse(Reason.NOT_JSON);
    } catch (BatchedCall.Faulty e) {
      refuse(e.reason());
    }
  }

  private static int afterBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
    return at;
  }

  private BatchLine line() {
    BatchLine known = line;
    if (known == null) {
      if (requests == BatchVerdict.MOST_REQUESTS) {
        throw new BatchedCall.Faulty(Reason.TOO_MANY);
      }
      known = new BatchLine(api, caps, knownToolsOnly);
      line = known;
    }
    return known;
  }

  private void endLine() {
    BatchLine ended = line;
    if (ended != null && fault == null) {
      try {
        add(ended.end(), ended);
      } catch (MalformedBody e) {
        refuse(Reason.NOT_JSON);
      } catch (BatchedCall.Faulty e) {
        refuse(e.reason());
      }
    }
    line = null;
    lineBytes = 0;
    number++;
  }

  private void add(RequestedUse use, BatchLine ended) {
    if (requests > 0 && !path.equals(ended.path())) {
      throw new BatchedCall.Faulty(Reason.OTHER_URL);
    }
    path = ended.path();
    requests++;
    firstStored = firstStored == 0 && ended.isStored() ? number : firstStored;
    sums.add(use, number);
  }

  private void refuse(Reason reason) {
    fault = new BatchRefusal(number, reason);
    line = null;
  }
}
