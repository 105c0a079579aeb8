package io.claviger.bootstrap.push;

import io.claviger.application.audit.AuditChain.ExportedLine;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.EventTexts;
import io.claviger.web.audit.AuditLines;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The pushed content: the lines of an export, as JSON lines or as syslog messages. */
final class PushedLines {
  /** The number of the facility "log audit" in RFC 5424. */
  private static final int FACILITY = 13;

  private static final int WARNING = 4;
  private static final int NOTICE = 5;
  private static final int INFORMATIONAL = 6;
  private static final int LONGEST_HOST = 255;
  private static final int LONGEST_KIND = 32;

  private PushedLines() {}

  static byte[] json(List<StoredLink> links, Optional<ChainHead> head) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (StoredLink link : links) {
      out.writeBytes(line(link));
      out.write('\n');
    }
    head.ifPresent(
        signed -> {
          out.writeBytes(line(signed));
          out.write('\n');
        });
    return out.toByteArray();
  }

  /**
   * Writes each line as an RFC 5424 message, preceded by its length (RFC 5425).
   *
   * @param node the node's name for operators
   */
  static byte[] syslog(List<StoredLink> links, Optional<ChainHead> head, String node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (StoredLink link : links) {
      Optional<EventTexts> event = link.event();
      String kind = event.flatMap(texts -> texts.column("action")).orElse("link");
      add(out, severity(event), link.link().at(), node, kind, line(link));
    }
    head.ifPresent(signed -> add(out, INFORMATIONAL, signed.at(), node, "head", line(signed)));
    return out.toByteArray();
  }

  /** Writes a single line of JSON. */
  static byte[] alone(byte[] line) {
    byte[] ended = Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    return ended;
  }

  /** Writes a syslog message with the line that says where the trail continues. */
  static byte[] syslogPlace(byte[] line, Instant at, String node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    add(out, NOTICE, at, node, "continues", line);
    return out.toByteArray();
  }

  private static void add(
      ByteArrayOutputStream out,
      int severity,
      Instant at,
      String node,
      String kind,
      byte[] content) {
    byte[] head =
        "<%s>1 %s %s claviger - %s - "
            .formatted(
                FACILITY * 8 + severity,
                at,
                visible(node, LONGEST_HOST),
                visible(kind, LONGEST_KIND))
            .getBytes(StandardCharsets.US_ASCII);
    out.writeBytes((head.length + content.length + " ").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(head);
    out.writeBytes(content);
  }

  /**
   * Replaces characters outside visible ASCII. Characters outside visible ASCII might occur,
   * because somebody with direct access to the database can store any text as an event's action.
   */
  private static String visible(String text, int longest) {
    String visible = text.replaceAll("[^!-~]", "_");
    String kept = visible.substring(0, Math.min(longest, visible.length()));
    return kept.isEmpty() ? "-" : kept;
  }

  private static int severity(Optional<EventTexts> event) {
    String outcome = event.flatMap(texts -> texts.column("outcome")).orElse("");
    if (outcome.equals(AuditOutcome.FAILED.wireName())) {
      return WARNING;
    }
    return outcome.equals(AuditOutcome.REFUSED.wireName()) ? NOTICE : INFORMATIONAL;
  }

  private static byte[] line(StoredLink link) {
    return AuditLines.write(new ExportedLine(Optional.of(link.link()), link.event()));
  }

  private static byte[] line(ChainHead head) {
    return AuditLines.writeEnd(new AuditLines.End(Optional.of(head), TimeSpan.ALWAYS));
  }
}
