package io.claviger.gateway.relay;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a call finds its service: by the URL that names it, or by the model that leads to it.
 * Confined to the event loop of the call.
 */
interface ServiceChoice {
  /** Asks who may call what. The call gets the outcome, at once or later. */
  void begin();

  /**
   * A body that is read first is complete.
   *
   * @param why it is refused; empty where it is not
   */
  void bodyRead(Optional<CallError> why);

  /**
   * The service could not be connected to. Nothing was sent.
   *
   * @return whether another service is tried, or the call ended
   */
  default boolean isTakenOver(CallError why) {
    return false;
  }

  /**
   * Returns the gate that may keep an answer back to try another service; null if there is none.
   *
   * @param format the format of the answer
   */
  default @Nullable AnswerGate gate(
      ProviderListener relay, ProviderConnection connection, WireFormat format) {
    return null;
  }
}
