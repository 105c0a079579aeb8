package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reserves memory for the part of an answer that the gateway holds back. This memory counts against
 * the limit for buffered bodies.
 */
public final class AnswerRoom implements AutoCloseable {
  /** The maximum number of bytes of an answer that the gateway may hold back. */
  public static final int LARGEST = BufferedBody.LARGEST;

  private final BufferBudget budget;
  private final UUID caller;
  private final User.Id owner;
  private BufferBudget.@Nullable BufferReservation reservation;
  private int taken;

  public AnswerRoom(BufferBudget budget, AuthorizedCall call) {
    this.budget = budget;
    this.caller = call.countedAs();
    this.owner = call.owner();
  }

  /**
   * Reserves memory, if there is room.
   *
   * @param bytes the number of bytes that are held back now, in total
   * @return whether there is room for that many bytes
   */
  public boolean holds(int bytes) {
    if (bytes <= taken) {
      return true;
    }
    if (reservation == null) {
      reservation = budget.begin(caller, Optional.of(owner));
    }
    if (bytes > LARGEST || reservation == null || !reservation.take(bytes - taken)) {
      return false;
    }
    taken = bytes;
    return true;
  }

  /** This method may be called more than once. */
  @Override
  public void close() {
    if (reservation != null) {
      reservation.close();
      reservation = null;
      taken = 0;
    }
  }
}
