package io.claviger.web.server;

import org.jspecify.annotations.Nullable;

/** The stack trace of an exception without the messages, which may repeat what a caller sent. */
final class RedactedException extends RuntimeException {
  RedactedException(Throwable thrown) {
    super(thrown.getClass().getName(), cause(thrown.getCause()), false, true);
    setStackTrace(thrown.getStackTrace());
  }

  private static @Nullable RedactedException cause(@Nullable Throwable cause) {
    return cause == null ? null : new RedactedException(cause);
  }
}
