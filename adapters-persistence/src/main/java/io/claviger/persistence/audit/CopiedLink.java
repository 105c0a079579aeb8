package io.claviger.persistence.audit;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Links of the audit chain and their events, in the row format of {@code copy … to stdout}. Several
 * threads can decode such rows while the database is still sending rows. Other forms of query
 * results do not allow this.
 */
final class CopiedLink {
  private static final long MICROS = 1_000_000;
  private static final int MORE = 10;

  /**
   * A placeholder for an array of arrays. Claviger's events never contain such an array, but
   * somebody might have inserted one directly into the database.
   */
  static final List<String> NO_LIST = List.of("\u0001");

  /** The row's fields, with escapes resolved. */
  private final @Nullable String[] fields;

  private CopiedLink(@Nullable String[] fields) {
    this.fields = fields;
  }

  /**
   * Returns the query for the links with numbers greater than {@code after} and up to {@code to}.
   */
  static String query(long after, long to) {
    return """
    select c.number, c.event_id,
      case when isfinite(c.event_at)
        then cast(extract(epoch from c.event_at) * %s as bigint) end,
      encode(c.content_hash, 'hex'), encode(c.hash, 'hex'),
      encode(
        coalesce(lag(c.hash) over (order by c.number),
          (select p.hash from audit_chain p where p.number = c.number - 1)), 'hex'),
      e.id is not null, e.count,
      array_replace(e.fields, null, chr(1)), array_replace(e.terms, null, chr(1)), %s
    from audit_chain c
    left join lateral (
      select * from audit_events o where o.id = c.event_id and o.at = c.event_at limit 1) e
      on true
    where c.number > %s and c.number <= %s
    order by c.number
    """
        .formatted(
            MICROS,
            EventTexts.COLUMNS.stream()
                .map(column -> "e." + column)
                .collect(Collectors.joining(", ")),
            after,
            to);
  }

  /** Reads a row from the result of {@link #query}. */
  static StoredLink read(byte[] row) {
    return new CopiedLink(split(new String(row, StandardCharsets.UTF_8))).link();
  }

  private StoredLink link() {
    UUID event = UUID.fromString(required(1));
    // Claviger records no event with an infinite time, but somebody might have stored one directly
    // in the database.
    Instant at = Optional.ofNullable(fields[2]).map(CopiedLink::instant).orElse(Instant.MAX);
    ChainLink link =
        new ChainLink(
            Long.parseLong(required(0)),
            event,
            at,
            Optional.ofNullable(fields[5]).orElse(ChainLink.BEGINNING),
            required(3),
            required(4));
    return new StoredLink(
        link, required(6).equals("t") ? Optional.of(texts(event, at)) : Optional.empty());
  }

  private EventTexts texts(UUID event, Instant at) {
    List<Optional<String>> columns = new ArrayList<>(EventTexts.COLUMNS.size());
    for (int i = 0; i < EventTexts.COLUMNS.size(); i++) {
      columns.add(Optional.ofNullable(fields[MORE + i]));
    }
    return new EventTexts(
        event, at, columns, list(required(8)), list(required(9)), Long.parseLong(required(7)));
  }

  private String required(int field) {
    String text = fields[field];
    if (text == null) {
      throw new IllegalStateException("a link of the audit chain lacks the column " + field);
    }
    return text;
  }

  private static Instant instant(String micros) {
    long all = Long.parseLong(micros);
    return Instant.ofEpochSecond(
        Math.floorDiv(all, MICROS), Math.floorMod(all, MICROS) * 1_000_000_000 / MICROS);
  }

  /** Splits a row into fields at its tabs. Tabs inside texts are escaped. */
  private static @Nullable String[] split(String row) {
    int end = row.endsWith("\n") ? row.length() - 1 : row.length();
    @Nullable String[] fields = new String[MORE + EventTexts.COLUMNS.size()];
    int from = 0;
    for (int field = 0; field < fields.length; field++) {
      int tab = row.indexOf('\t', from);
      int to = tab < 0 ? end : tab;
      String text = row.substring(from, to);
      fields[field] = text.equals("\\N") ? null : text.indexOf('\\') < 0 ? text : unescaped(text);
      from = to + 1;
    }
    return fields;
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        c =
            switch (text.charAt(i)) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case 'v' -> '\u000b';
              default -> text.charAt(i);
            };
      }
      out.append(c);
    }
    return out.toString();
  }

  /** Reads the text of an array, such as {@code {a,"b c"}}. */
  private static List<String> list(String array) {
    int begin = array.startsWith("[") ? array.indexOf('=') + 1 : 0;
    if (array.startsWith("{{", begin)) {
      return NO_LIST;
    }
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean quoted = false;
    int last = array.length() - 1;
    for (int i = begin + 1; i < last; i++) {
      char c = array.charAt(i);
      if (c == '\\') {
        i++;
        text.append(array.charAt(i));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        texts.add(text.toString());
        text.setLength(0);
      } else {
        text.append(c);
      }
    }
    if (last > begin + 1) {
      texts.add(text.toString());
    }
    return texts;
  }
}
