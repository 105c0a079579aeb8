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

/** Finds the errors in a provider's message, and their positions. */
public final class StatedErrors implements JsonEvents {
  /** The longest id that OpenAI's clients may give to a message, in characters. */
  private static final int LONGEST = 512;

  /** The paths at which messages contain errors. The empty path is the message itself. */
  private static final Set<String> PLACES =
      Set.of("", "/error", "/response/error", "/response/status_details/error");

  private static final int DEEPEST = 4;

  /**
   * An error in a message.
   *
   * @param from the position where the error begins
   * @param to the position after the error
   * @param members the short texts and the numbers among the error's members
   */
  public record StatedError(String place, int from, int to, Map<String, String> members) {}

  private final JsonScanner scanner = new JsonScanner(this, LONGEST);
  private final List<StatedError> found = new ArrayList<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private int depth;
  private String member = "";

  /** An open object that might be an error or contain an error. */
  private record Level(String place, int from, Map<String, String> members) {}

  private StatedErrors() {}

  /**
   * @param message the message, which still belongs to the caller of this method and is not changed
   * @return the errors whose objects are complete; inner errors come first
   */
  public static List<StatedError> of(ByteBuf message) {
    StatedErrors errors = new StatedErrors();
    boolean unused = errors.scanner.readWhole(ByteBufUtil.getBytes(message));
    return errors.found;
  }

  /** The path of the next value; empty if the value is irrelevant. */
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
