package io.claviger.gateway.usage;

import io.claviger.application.batches.port.BatchProvider.Receiver;
import io.claviger.domain.formats.BatchAnswers;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.UsagePlaces;
import io.claviger.gateway.model.ArrayElements;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage in each of several JSON lines, or in each element of a JSON array, while the text
 * is forwarded. This class keeps only the counts of the current line or element in memory.
 */
public final class StatedLines {
  private final ProviderApi api;
  private final UsagePlaces places;
  private final String searching;

  /** Finds the elements of the array; null if the text consists of JSON lines. */
  private final @Nullable ArrayElements elements;

  private final Receiver receiver;

  /** The counts of the current line; null at the beginning of the line. */
  private @Nullable TokenCounts line;

  /**
   * @param answers a description of the API's answers about batches
   */
  public StatedLines(ProviderApi api, BatchAnswers answers, Receiver receiver) {
    List<String> array = answers.array();
    this.api = api;
    this.places = answers.results();
    this.searching = answers.searchingOperation().orElse("");
    this.receiver = receiver;
    this.elements = array.isEmpty() ? null : new ArrayElements(array, new Elements());
  }

  private final class Elements implements ArrayElements.Receiver {
    @Override
    public void piece(byte[] bytes, int from, int to) {
      read(bytes, from, to);
    }

    @Override
    public void end() {
      endLine();
    }
  }

  public void read(byte[] bytes) {
    if (elements != null) {
      elements.read(bytes, 0, bytes.length);
      return;
    }
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        read(bytes, from, i);
        endLine();
        from = i + 1;
      }
    }
    read(bytes, from, bytes.length);
  }

  private void read(byte[] bytes, int from, int to) {
    int begin = from;
    while (line == null && begin < to && bytes[begin] <= ' ' && bytes[begin] >= 0) {
      begin++;
    }
    if (begin < to) {
      TokenCounts known = line;
      if (known == null) {
        known = TokenCounts.at(places);
        known.begin(AnswerFraming.DOCUMENT);
        line = known;
      }
      known.scan(Unpooled.wrappedBuffer(bytes, begin, to - begin));
    }
  }

  /**
   * Called after the whole answer has arrived.
   *
   * @return whether the whole answer was readable
   */
  public boolean end() {
    endLine();
    return elements == null || elements.isReadable();
  }

  private void endLine() {
    TokenCounts ended = line;
    line = null;
    if (ended != null) {
      Optional<String> model = ended.answeredModel();
      receiver.answered(
          model, ended.usage(false), ended.fees(api, searching, model.orElse(""), 0, 1));
    }
  }
}
