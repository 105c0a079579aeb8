package io.claviger.domain.audit;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The content of an event of the audit trail, in the form of the texts that are stored. Unlike the
 * content of an {@link AuditEvent}, these texts can be invalid: for example, they can name an
 * action that does not exist. A check of the trail has to read such content, too.
 *
 * @param columns the texts of all single-valued columns, in the order of {@link #COLUMNS}; a text
 *     is empty if its column has no value
 * @param fields see {@link AuditEvent#fields}
 * @param terms the terms, each as three texts: the field, the value before the change and the value
 *     after it; an empty text means no value
 * @param count the number of attempts that the event summarizes
 */
public record EventTexts(
    UUID id,
    Instant at,
    List<Optional<String>> columns,
    List<String> fields,
    List<String> terms,
    long count) {
  /**
   * The single-valued columns. The hashes depend on the order of these columns, so the order must
   * never change.
   */
  public static final List<String> COLUMNS =
      List.of(
          "actor_id",
          "actor",
          "token_id",
          "session_id",
          "presented_subject",
          "address",
          "request_id",
          "action",
          "target_type",
          "target_id",
          "target_ref",
          "target_owner_id",
          "outcome");

  private static final String FORMAT = "claviger audit event 1";

  /**
   * The approximate number of bytes that an event's line has in addition to these texts: names,
   * hashes, the number and the time.
   */
  private static final int BESIDE_TEXTS = 800;

  private static final int BESIDE_TEXT = 16;

  public EventTexts {
    columns = List.copyOf(columns);
    fields = List.copyOf(fields);
    terms = List.copyOf(terms);
    if (columns.size() != COLUMNS.size()) {
      throw new IllegalArgumentException("there must be one text for each column");
    }
  }

  public static EventTexts of(AuditEvent event) {
    AuditTarget target = event.target();
    return new EventTexts(
        event.id(),
        event.at(),
        List.of(
            event.actor().map(User.Id::value).map(UUID::toString),
            event.actorHandle().map(Handle::value),
            event.token().map(AccessToken.Id::value).map(UUID::toString),
            event.session().map(Session.Id::value).map(UUID::toString),
            event.presentedSubject(),
            Optional.of(event.address()),
            Optional.of(event.requestId()),
            Optional.of(event.action().wireName()),
            Optional.of(target.type()),
            target.id().map(UUID::toString),
            Optional.of(target.ref()),
            target.owner().map(User.Id::value).map(UUID::toString),
            Optional.of(event.outcome().wireName())),
        event.fields(),
        event.terms().stream()
            .flatMap(t -> Stream.of(t.field(), t.before().orElse(""), t.after().orElse("")))
            .toList(),
        event.count());
  }

  /** Returns the text of a column of {@link #COLUMNS}. */
  public Optional<String> column(String name) {
    return columns.get(COLUMNS.indexOf(name));
  }

  /**
   * Returns the approximate size of the event's line in an export, in bytes. Code that reads the
   * trail uses this size to limit the memory that it needs.
   */
  public int size() {
    return Stream.of(columns.stream().flatMap(Optional::stream), fields.stream(), terms.stream())
            .flatMap(Function.identity())
            .mapToInt(EventTexts::size)
            .sum()
        + BESIDE_TEXTS;
  }

  /** Returns the number of bytes of the text in UTF-8, with the escapes of JSON. */
  private static int size(String text) {
    int size = BESIDE_TEXT;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        size += 6;
      } else if (c < 0x80) {
        size += c == '"' || c == '\\' ? 2 : 1;
      } else {
        size += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
    }
    return size;
  }

  /** Returns the SHA-256 of the event's whole content, in hexadecimal digits. */
  public String hash() {
    Parts parts = new Parts(FORMAT);
    parts.add(id.toString()).add(at.toString());
    for (Optional<String> column : columns) {
      parts.add(column.isPresent() ? "+" + column.get() : "-");
    }
    parts.add(Integer.toString(fields.size()));
    fields.forEach(parts::add);
    parts.add(Integer.toString(terms.size()));
    terms.forEach(parts::add);
    return parts.add(Long.toString(count)).hash();
  }

  /**
   * Collects texts for a hash. Each text is preceded by its length, so that different lists of
   * texts always result in different bytes.
   */
  static final class Parts {
    private final MessageDigest digest;
    private final byte[] length = new byte[Integer.BYTES];

    Parts(String format) {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this JDK lacks SHA-256", e);
      }
      Parts unused = add(format);
    }

    Parts add(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < Integer.BYTES; i++) {
        length[i] = (byte) (bytes.length >> (24 - 8 * i));
      }
      digest.update(length);
      digest.update(bytes);
      return this;
    }

    String hash() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
