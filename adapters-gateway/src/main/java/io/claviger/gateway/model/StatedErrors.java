package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the errors in a message of the provider, and the positions of these errors in the message.
 */
public final class StatedErrors implements JsonEvents {
  /** The largest number of characters in an id that OpenAI's clients may give to a message. */
  private static final int LONGEST = 512;

  /** The places at which messages contain errors. The message itself is one of these places. */
  private static final Set<String> PLACES =
      Set.of("", "/error", "/response/error", "/response/status_details/error");

  private static final int DEEPEST = 4;

  /**
   * An error in a message.
   *
   * @param from the position at which the error begins
   * @param to the position after the end of the error
   * @param members those members of the error that are short texts or numbers
   */
  public record StatedError(String place, int from, int to, Map<String, String> members) {}

  private final JsonScanner scanner = new JsonScanner(this, LONGEST);
  private final List<StatedError> found = new ArrayList<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private int depth;
  private String member = "";

  /** An open object that may itself be an error, or may contain an error. */
  private record Level(String place, int from, Map<String, String> members) {}

  private StatedErrors() {}

  /**
   * @param message remains owned by the caller of this method, and is not changed
   * @return the errors whose objects are complete, the innermost first
   */
  public static List<StatedError> of(ByteBuf message) {
    StatedErrors errors = new StatedErrors();
    boolean unused = errors.scanner.readWhole(ByteBufUtil.getBytes(message));
    return errors.found;
  }

  /** The place of the value that comes next; empty if no value at that place matters. */
  private Optional<String> place() {
    Level around = levels.peek();
    return around == null || levels.size() != depth
        ? Optional.empty()
        : Optional.of(around.place() + "/" + member);
  }

  private static boolean leadsToError(String place) {
    return PLACES.stream().anyMatch(each -> each.equals(place) || each.startsWith(place + "/"));
  }

  @Override
  public void opened(boolean array) {
    Optional<String> place = depth == 0 ? Optional.of("") : place();
    if (!array && levels.size() < DEEPEST && place.filter(StatedErrors::leadsToError).isPresent()) {
      levels.push(new Level(place.get(), (int) scanner.position(), new HashMap<>()));
    }
    depth++;
    member = "";
  }

  @Override
  public void closed() {
    if (levels.size() == depth) {
      Level ended = levels.pop();
      if (PLACES.contains(ended.place())) {
        int to = (int) scanner.position() + 1;
        found.add(new StatedError(ended.place(), ended.from(), to, ended.members()));
      }
    }
    depth--;
    member = "";
  }

  @Override
  public void name(ScannedText name) {
    member = name.isLonger() ? "" : name.toString();
  }

  private @Nullable Level error() {
    Level around = levels.peek();
    boolean isError = around != null && levels.size() == depth && PLACES.contains(around.place());
    return isError ? around : null;
  }

  @Override
  public boolean wantsText() {
    return error() != null;
  }

  @Override
  public void text(ScannedText text) {
    state(text.isLonger() ? "" : text.toString());
  }

  @Override
  public void number(ScannedNumber number) {
    if (number.plainCount().isPresent()) {
      state(Long.toString(number.plainCount().getAsLong()));
    }
  }

  private void state(String value) {
    Level error = error();
    if (error != null) {
      error.members().put(member, value);
    }
    member = "";
  }

  @Override
  public void other() {
    member = "";
  }
}
