package io.claviger.gateway.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Searches a JSON body for one purpose. All JSON parts of a {@link CallReading} share its scanner,
 * so that a body is scanned only once.
 */
abstract class JsonPart implements BodyPart, JsonEvents {
  private @Nullable JsonScanner scanner;

  final void begin(JsonScanner of) {
    scanner = of;
  }

  @Override
  public final void join(CallReading reading) {
    if (!isOver()) {
      reading.add(this);
    }
  }

  final long position() {
    return scanner().position();
  }

  final JsonScanner scanner() {
    return Objects.requireNonNull(scanner);
  }

  /** Returns the position of the opening quote of the name or string that is being read. */
  final long begun() {
    return scanner().begun();
  }

  /** Returns the largest number of characters that this part needs of a name or string. */
  int longest() {
    return ScannedText.LONGEST;
  }

  /**
   * Whether this part has found what it looks for, or for another reason does not need the rest of
   * the body.
   */
  boolean isOver() {
    return false;
  }

  /**
   * Called when it is certain that the body is not JSON. After this, no method is called.
   *
   * @throws io.claviger.gateway.errors.CallRefused if a body that is not JSON can't be sent
   */
  abstract void malformed();

  /**
   * Called when the body is complete.
   *
   * @throws io.claviger.gateway.errors.CallRefused when the complete body can't be sent
   */
  void complete() {}
}
