package io.claviger.domain.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The place of an event in the chain of the audit trail. The hash of a link covers the event's
 * content and the previous link's hash. So nothing in the chain before a link can be changed
 * without changing the link's hash. All hashes are SHA-256, in lower-case hexadecimal digits.
 *
 * @param number 1 for the first event, increased by one for each further event
 * @param event the id of the event
 * @param at the time of the event
 * @param previousHash the hash of the previous link; {@link #BEGINNING} for the first link
 * @param contentHash the hash of the event's content ({@link EventTexts#hash})
 */
public record ChainLink(
    long number, UUID event, Instant at, String previousHash, String contentHash, String hash) {
  /** The value of {@code previousHash} in the first link, which has no previous link. */
  public static final String BEGINNING = "0".repeat(64);

  private static final String FORMAT = "claviger audit link 1";

  /**
   * Returns the link of an event. The new link follows the last link. If there is no last link, the
   * new link is the first link.
   */
  public static ChainLink after(Optional<ChainLink> last, EventTexts event) {
    long number = last.map(ChainLink::number).orElse(0L) + 1;
    String previous = last.map(ChainLink::hash).orElse(BEGINNING);
    String content = event.hash();
    return new ChainLink(
        number,
        event.id(),
        event.at(),
        previous,
        content,
        hash(number, event.id(), event.at(), previous, content));
  }

  /** Whether the link's hash is the hash of the link's other fields. */
  public boolean isIntact() {
    return hash.equals(hash(number, event, at, previousHash, contentHash));
  }

  /** Whether an event is the event of this link, with unchanged content. */
  public boolean isOf(EventTexts stored) {
    return event.equals(stored.id()) && at.equals(stored.at()) && contentHash.equals(stored.hash());
  }

  private static String hash(
      long number, UUID event, Instant at, String previousHash, String contentHash) {
    return new EventTexts.Parts(FORMAT)
        .add(Long.toString(number))
        .add(event.toString())
        .add(at.toString())
        .add(previousHash)
        .add(contentHash)
        .hash();
  }
}
