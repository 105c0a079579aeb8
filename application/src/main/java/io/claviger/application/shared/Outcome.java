package io.claviger.application.shared;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The result of a use case. A use case is either done, or refused for a reason that the caller can
 * act on. Any other failure is an exception.
 *
 * @param <T> the type of the result
 */
public sealed interface Outcome<T> {
  record Done<T>(T value) implements Outcome<T> {}

  record Refused<T>(Refusal why) implements Outcome<T> {}

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> refused(Refusal why) {
    return new Refused<>(why);
  }

  /**
   * Returns the outcome of a read. If the read throws a {@link RefusedException}, the outcome is a
   * refusal.
   */
  static <T> Outcome<T> of(Supplier<? extends T> read) {
    try {
      return done(read.get());
    } catch (RefusedException e) {
      return refused(e.refusal());
    }
  }

  /**
   * Applies the function to the value of this outcome, and returns the outcome with the function's
   * result. A refusal is returned unchanged.
   */
  default <R> Outcome<R> map(Function<? super T, ? extends R> function) {
    return switch (this) {
      case Done<T> done -> new Done<>(function.apply(done.value()));
      case Refused<T> refused -> new Refused<>(refused.why());
    };
  }

  /** Returns the value of this outcome; empty if the outcome is a refusal. */
  default Optional<T> asOptional() {
    return switch (this) {
      case Done<T> done -> Optional.of(done.value());
      case Refused<T> refused -> Optional.empty();
    };
  }

  /**
   * Returns the value of this outcome. This method is for programs that embed Claviger.
   *
   * @throws RefusedException if this outcome is a refusal; the message of the exception is the
   *     reason
   */
  default T orThrow() {
    return orThrow(RefusedException::explained);
  }

  /**
   * Returns the value of this outcome, or throws an exception for a refusal.
   *
   * @param exception the function that converts a refusal into the exception to throw
   */
  default T orThrow(Function<? super Refusal, ? extends RuntimeException> exception) {
    return switch (this) {
      case Done<T> done -> done.value();
      case Refused<T> refused -> throw exception.apply(refused.why());
    };
  }
}
