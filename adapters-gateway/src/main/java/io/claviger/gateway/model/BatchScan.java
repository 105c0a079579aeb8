package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.BatchVerdict.ModelUse;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as the requests of a batch, one in each line, while it passes. It stops at the first
 * fault. It keeps no more than the state of one line, and the sums for each model.
 */
final class BatchScan {
  private final ProviderApi api;
  private final Map<String, Sum> models = new LinkedHashMap<>();
  private @Nullable BatchLine line;
  private @Nullable BatchRefusal fault;
  private String path = "";
  private int number = 1;
  private long lineBytes;
  private int requests;
  private int firstStored;

  /** Whether the last byte was a carriage return, which may only end a line. */
  private boolean returned;

  /** The sums of the requests for one model. */
  private static final class Sum {
    private final int firstLine;
    private int requests;
    private long bytes;
    private OptionalLong output = OptionalLong.of(0);
    private long largest;
    private OptionalInt firstUnbounded = OptionalInt.empty();

    Sum(int firstLine) {
      this.firstLine = firstLine;
    }

    void add(RequestedUse use, int at) {
      requests++;
      bytes += use.bodyBytes();
      OptionalLong stated = use.statedOutputInAll();
      output =
          output.isPresent() && stated.isPresent()
              ? OptionalLong.of(sum(output.getAsLong(), stated.getAsLong()))
              : OptionalLong.empty();
      largest = Math.max(largest, use.statedOutput().orElse(0));
      boolean bounded =
          !use.refersElsewhere()
              && !use.unboundedTools()
              && use.rounds() == 1
              && use.others().isEmpty();
      if (!bounded && firstUnbounded.isEmpty()) {
        firstUnbounded = OptionalInt.of(at);
      }
    }

    private static long sum(long one, long other) {
      return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
  }

  BatchScan(ProviderApi api) {
    this.api = api;
  }

  /** Whether the rest of the file can't matter any more. */
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
        // Some readers take a carriage return alone for the end of a line.
        refuse(Reason.NOT_JSON);
      } else {
        returned = bytes[i] == '\r';
      }
    }
    part(bytes, begin, to);
  }

  /** Returns what was found, once the file has ended. */
  BatchVerdict end() {
    endLine();
    if (fault == null && requests == 0) {
      fault = new BatchRefusal(0, Reason.EMPTY);
    }
    if (fault != null) {
      return BatchVerdict.of(fault);
    }
    List<ModelUse> uses = new ArrayList<>(models.size());
    models.forEach(
        (model, sum) ->
            uses.add(
                new ModelUse(
                    model,
                    sum.firstLine,
                    sum.requests,
                    sum.bytes,
                    sum.output,
                    sum.largest,
                    sum.firstUnbounded)));
    return new BatchVerdict(
        requests,
        path,
        uses,
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
    } catch (BatchLine.Faulty e) {
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
        throw new BatchLine.Faulty(Reason.TOO_MANY);
      }
      known = new BatchLine(api);
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
      } catch (BatchLine.Faulty e) {
        refuse(e.reason());
      }
    }
    line = null;
    lineBytes = 0;
    number++;
  }

  private void add(RequestedUse use, BatchLine ended) {
    if (requests > 0 && !path.equals(ended.path())) {
      throw new BatchLine.Faulty(Reason.OTHER_URL);
    }
    path = ended.path();
    requests++;
    firstStored = firstStored == 0 && ended.isStored() ? number : firstStored;
    sum(use.model().name()).add(use, number);
    use.others().forEach(other -> sum(other.name()));
    ended.models().forEach(this::sum);
  }

  private Sum sum(String model) {
    Sum known = models.get(model);
    if (known == null) {
      if (models.size() == BatchVerdict.MOST_MODELS) {
        throw new BatchLine.Faulty(Reason.TOO_MANY_MODELS);
      }
      known = new Sum(number);
      models.put(model, known);
    }
    return known;
  }

  private void refuse(Reason reason) {
    fault = new BatchRefusal(number, reason);
    line = null;
  }
}
