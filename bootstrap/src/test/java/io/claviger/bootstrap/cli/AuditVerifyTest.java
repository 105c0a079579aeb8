package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.audit.AuditChain.ExportedLine;
import io.claviger.application.audit.port.HeadSigner;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.fakes.InMemoryHeadSigner;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.web.audit.AuditLines;
import io.claviger.web.audit.ChainHeadJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What {@code audit verify} says of an export, without a database. The system property {@code
 * audit.speed} says how many events it has; the rates of five runs are printed then.
 */
final class AuditVerifyTest {
  private static final Instant BEGIN = Instant.parse("2026-11-24T12:00:00Z");
  private static final int FEW = 300;
  private static final int RUNS = 5;

  @TempDir private Path directory;

  private record Said(int code, String text) {}

  private static Said verify(Path... arguments) {
    StringWriter text = new StringWriter();
    CommandLine command = new CommandLine(new AuditVerifyCommand(Map.of()));
    command.setOut(new PrintWriter(text));
    command.setErr(new PrintWriter(text));
    int code = command.execute(Stream.of(arguments).map(Path::toString).toArray(String[]::new));
    return new Said(code, text.toString());
  }

  private Path export(int events) throws IOException {
    return export(
        IntStream.range(0, events)
                .mapToObj(
                    n ->
                        AnEvent.of(AuditAction.SERVICE_SHARE)
                            .at(BEGIN.plusMillis(n))
                            .about("alice/service-" + n % 100)
                            .build())
            ::iterator);
  }

  private Path export(Iterable<AuditEvent> events) throws IOException {
    Path file = directory.resolve("trail.jsonl");
    Optional<ChainLink> last = Optional.empty();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (AuditEvent each : events) {
        EventTexts event = EventTexts.of(each);
        last = Optional.of(ChainLink.after(last, event));
        out.write(AuditLines.write(new ExportedLine(last, Optional.of(event))));
        out.write('\n');
      }
      out.write(
          AuditLines.writeEnd(
              new AuditLines.End(last.map(AuditVerifyTest::head), TimeSpan.ALWAYS)));
      out.write('\n');
    }
    return file;
  }

  private static ChainHead head(ChainLink last) {
    HeadSigner signer = new InMemoryHeadSigner();
    HeadSigner.NewKey key = signer.make();
    byte[] signed =
        signer.sign(key.signing(), ChainHead.signed(last.number(), last.hash(), last.at()));
    return new ChainHead(
        last.number(),
        last.hash(),
        last.at(),
        key.publicKey(),
        Base64.getEncoder().encodeToString(signed));
  }

  @Test
  void an_export_is_checked_without_a_database_and_edits_of_it_are_found() throws Exception {
    int events = Integer.getInteger("audit.speed", FEW);
    Path file = export(events);
    for (int run = 0; run < RUNS; run++) {
      long began = System.nanoTime();
      Said said = verify(file);
      double seconds = (System.nanoTime() - began) / 1e9;
      assertThat(said.code()).as(said.text()).isZero();
      assertThat(said.text()).contains("%,d events are as they were sealed".formatted(events));
      if (events > FEW) {
        System.out.printf("a file: %,.0f events a second%n", events / seconds);
      }
    }
    if (events > FEW) {
      return;
    }
    List<String> lines = Files.readAllLines(file);
    assertFound(lines, 40, lines.get(40).replace("service-40", "service-41"));
    assertFound(lines, 41, null);
    assertFound(lines, 42, lines.get(43));
    assertFound(lines, 43, lines.get(43).replace("\"grantee\":null", "\"grantee\":\"carol\""));
    Files.write(file, List.of(lines.get(0).replace("\"actor\":", "\"actor\":\"x\",\"actor\":")));
    assertThatThrownBy(() -> AuditLines.read(Files.readAllBytes(file), 0, (int) Files.size(file)))
        .isInstanceOf(InvalidValue.class);
  }

  private static String tooNew() {
    EventTexts unsealed = EventTexts.of(AnEvent.of(AuditAction.SERVICE_SHARE).at(BEGIN).build());
    ExportedLine line = new ExportedLine(Optional.empty(), Optional.of(unsealed));
    return new String(AuditLines.write(line), StandardCharsets.UTF_8);
  }

  private static String tooNewAndWithoutMembersOfTheChain() {
    return tooNew().replace(",\"number\":null,\"hash\":null,\"previous_hash\":null", "");
  }

  /** Only the last events of an export can be too new to have a number. */
  @Test
  void events_without_a_number_that_were_inserted_between_others_are_found() throws IOException {
    List<String> honest = Files.readAllLines(export(FEW));
    for (int place : List.of(0, 150, FEW - 1)) {
      for (String event : List.of(tooNew(), tooNewAndWithoutMembersOfTheChain())) {
        List<String> lines = new ArrayList<>(honest);
        lines.addAll(place, List.of(event, event));
        Said said = verify(Files.write(directory.resolve("inserted.jsonl"), lines));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text())
            .startsWith(
                ("number %d: an event without a number comes before this link: it was inserted"
                        + " or moved\n")
                    .formatted(place + 1))
            .contains("2 are too new to be sealed.");
      }
    }
  }

  @Test
  void a_line_without_a_number_that_shows_more_than_an_event_is_refused() throws IOException {
    List<String> lines = Files.readAllLines(export(2));
    for (List<String> edit :
        List.of(
            List.of("\"actor\":null", "\"actor\":[\"eve\"]"),
            List.of("\"actor\":null", "\"actor\":null,\"Actor\":\"eve\""),
            List.of("\"grantee\":null", "\"grantee\":\"carol\""),
            List.of("\"count\":1", "\"count\":1.9"),
            List.of("12:00:00Z", "13:00:00+01:00"))) {
      String edited = tooNew().replace(edit.get(0), edit.get(1));
      assertThat(edited).isNotEqualTo(tooNew());
      List<String> added = new ArrayList<>(lines);
      added.add(2, edited);

      Said said = verify(Files.write(directory.resolve("added.jsonl"), added));

      assertThat(said.code()).as(edited).isNotZero();
      assertThat(said.text()).contains("is not an export of the audit trail");
    }
  }

  @Test
  void a_single_event_is_counted_in_the_singular() throws IOException {
    List<String> lines = Files.readAllLines(export(1));
    lines.add(1, tooNew());
    Path file = Files.write(directory.resolve("one.jsonl"), lines);

    assertThat(verify(file).text())
        .startsWith("1 event is as it was sealed")
        .contains("1 is too new to be sealed.");
  }

  /** Links need no key, so anybody can add events to a file. */
  @Test
  void events_that_somebody_added_behind_the_head_are_named() throws IOException {
    List<String> honest = Files.readAllLines(export(3));
    AuditLines.End end = AuditLines.readEnd(honest.getLast());
    List<String> forged = new ArrayList<>(honest.subList(0, 3));
    ChainLink last =
        AuditLines.read(honest.get(2).getBytes(StandardCharsets.UTF_8), 0, honest.get(2).length())
            .orElseThrow()
            .link()
            .orElseThrow();
    EventTexts added = EventTexts.of(AnEvent.of(AuditAction.SERVICE_DELETE).at(BEGIN).build());
    forged.add(
        new String(
            AuditLines.write(
                new ExportedLine(
                    Optional.of(ChainLink.after(Optional.of(last), added)), Optional.of(added))),
            StandardCharsets.UTF_8));
    forged.add(honest.getLast());
    Path file = Files.write(directory.resolve("added.jsonl"), forged);

    Said said = verify(file);

    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text())
        .startsWith("4 events are as they were sealed")
        .contains(
            "The newest head covers the events up to number 3. It was signed at %s with the key %s."
                .formatted(end.head().orElseThrow().at(), end.head().orElseThrow().keyId()))
        .contains("No head covers the last of them.");
    String none = honest.getLast().replaceFirst("\"head\":\\{[^}]*}", "\"head\":null");
    Files.write(file, List.of(honest.get(0), none));
    assertThat(verify(file).text()).contains("No head covers it.");
  }

  /** Pushed lines end with a head only until the next event is pushed. */
  @Test
  void lines_without_a_head_at_their_end_are_refused_with_the_reason() throws IOException {
    List<String> lines = Files.readAllLines(export(2));
    Path file = Files.write(directory.resolve("pushed.jsonl"), lines.subList(0, 2));

    Said said = verify(file);

    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains("the last line has to be the head");
  }

  @Test
  void pushed_lines_that_say_where_the_trail_continues_are_no_events() throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(export(2)));
    String place = new String(AuditLines.writePlace(1, "00"), StandardCharsets.UTF_8);
    lines.add(1, place);
    Path file = Files.write(directory.resolve("pushed.jsonl"), lines);

    assertThat(verify(file).text()).startsWith("2 events are as they were sealed");

    lines.set(1, lines.get(2).replaceFirst("\\{", "{\"continues\":{},"));
    Files.write(file, lines);
    assertThat(verify(file).code()).isEqualTo(1);
  }

  /**
   * Versions of Claviger may differ in the actions that name a grantee. So only the fields of an
   * event count.
   */
  @Test
  void an_export_of_another_version_is_as_it_was_sealed() throws IOException {
    Path file =
        export(
            List.of(
                AnEvent.of(AuditAction.SERVICE_SHARE).changing(List.of("bob")).build(),
                AnEvent.of(AuditAction.SERVICE_UPDATE).changing(List.of("endpoint")).build(),
                AnEvent.of(AuditAction.SERVICE_SHARE).changing(List.of("x")).refused().build()));
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).contains("\"grantee\":\"bob\"");
    String earlier = lines.get(0).replace("\"grantee\":\"bob\"", "\"grantee\":null");
    String later = lines.get(1).replace("\"grantee\":null", "\"grantee\":\"endpoint\"");

    Files.write(file, List.of(earlier, later, lines.get(2), lines.get(3)));
    Said said = verify(file);
    assertThat(said.code()).as(said.text()).isZero();

    assertFound(lines, 0, lines.get(0).replace("\"grantee\":\"bob\"", "\"grantee\":\"carol\""), 1);
    assertFound(lines, 0, lines.get(0).replace("\"grantee\":\"bob\"", "\"grantee\":5"), 1);
    assertFound(lines, 0, lines.get(0).replace("[\"bob\"]", "[\"carol\"]"), 1);
    assertFound(lines, 2, lines.get(2).replace("\"grantee\":null", "\"grantee\":\"x\""), 3);
  }

  @Test
  void a_changed_event_is_not_counted_as_it_was_sealed() throws IOException {
    Path file = export(FEW);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).replace("\"actor\":null", "\"actor\":\"eve\""));
    Files.write(file, lines);

    assertThat(verify(file).text())
        .startsWith("number 2: the event or its link was changed")
        .contains("\n%d events are as they were sealed".formatted(FEW - 1));
  }

  /** People read what a line shows, even where the hash of the event does not cover it. */
  @Test
  void a_line_that_shows_more_than_its_event_is_found() throws IOException {
    Path file = export(FEW);
    List<String> lines = Files.readAllLines(file);
    for (List<String> edit :
        List.of(
            List.of("\"actor\":null", "\"actor\":[\"eve\"]"),
            List.of("\"session_id\":null", "\"session_id\":5"),
            List.of(
                "\"target\":{\"type\":\"service\",\"id\":null",
                "\"target\":{\"type\":\"service\",\"id\":7"),
            List.of("\"fields\":[]", "\"fields\":\"endpoint\""),
            List.of("\"terms\":[]", "\"terms\":\"all\""),
            List.of("\"count\":1", "\"count\":1.9"),
            List.of("\"actor\":null", "\"actor\":null,\"Actor\":\"eve\""),
            List.of("\"target\":{", "\"target\":{\"owner\":\"eve\","),
            List.of("12:00:00.003Z", "13:00:00.003+01:00"))) {
      String edited = lines.get(3).replace(edit.get(0), edit.get(1));
      assertThat(edited).isNotEqualTo(lines.get(3));
      assertFound(lines, 3, edited);
    }
  }

  @Test
  void another_spelling_of_an_event_is_found() throws IOException {
    Path file =
        export(
            List.of(
                AnEvent.of(AuditAction.SERVICE_SHARE)
                    .id(UUID.fromString("0190abcd-1234-7abc-8def-0123456789ab"))
                    .about("alice/what?")
                    .showing("\uD83D\uDE00")
                    .build()));
    List<String> lines = Files.readAllLines(file);
    String line = lines.get(0);
    String escaped = line.replace("\uD83D\uDE00", "\\uD83D\\uDE00");
    Files.write(file, List.of(escaped, lines.get(1)));
    assertThat(verify(file).text()).startsWith("1 event is as it was sealed");

    assertFound(lines, 0, line.replace("0190abcd-1234-", "190abcd-f1234-"), 1);
    assertFound(lines, 0, line.replace("0190abcd", "0190ABCD"), 1);
    assertFound(lines, 0, line.replace("what?", "what\\ud800"), 1);
    assertFound(lines, 0, line.replace("\"after\":", "\"by\":\"eve\",\"after\":"), 1);
  }

  /** People recognize the key of a head by its id. */
  @Test
  void a_head_that_shows_the_id_of_another_key_is_refused() throws IOException {
    List<String> lines = Files.readAllLines(export(2));
    String head = lines.get(2);
    String id = AuditLines.readEnd(head).head().orElseThrow().keyId();
    String other = (id.startsWith("_") ? "-" : "_") + id.substring(1);

    assertThatThrownBy(() -> AuditLines.readEnd(head.replace(id, other)))
        .isInstanceOf(InvalidValue.class);
    assertThat(AuditLines.readEnd(head.replace("\"key_id\":\"" + id + "\",", "")).head())
        .isPresent();
  }

  @Test
  void lines_that_are_not_utf_8_are_refused() throws IOException {
    List<String> lines = Files.readAllLines(export(2));
    byte[] overlong =
        lines.get(0).replace("alice", "\u00C1\u00A1lice").getBytes(StandardCharsets.ISO_8859_1);
    byte[] wide = lines.get(0).getBytes(StandardCharsets.UTF_16LE);

    for (byte[] line : List.of(overlong, wide)) {
      assertThatThrownBy(() -> AuditLines.read(line, 0, line.length))
          .isInstanceOf(InvalidValue.class);
    }
  }

  @Test
  void an_event_that_is_inserted_in_a_line_for_something_else_is_found() throws IOException {
    Path file = export(FEW);
    List<String> lines = Files.readAllLines(file);
    String event = lines.get(40);
    String with = event.substring(0, event.length() - 1);

    assertRefused(lines, with + ",\"head\":null}");
    assertRefused(lines, with + ",\"head\":{},\"since\":null,\"until\":null}");
    assertRefused(lines, event + lines.get(41));
    for (String number : List.of("\"41\"", "41.0", "null")) {
      assertRefused(lines, event.replace("\"number\":41", "\"number\":" + number));
    }

    List<String> link = new ArrayList<>(lines.subList(0, FEW - 1));
    ExportedLine last =
        AuditLines.read(
                lines.get(FEW - 1).getBytes(StandardCharsets.UTF_8), 0, lines.get(FEW - 1).length())
            .orElseThrow();
    link.add(
        new String(
            AuditLines.write(new ExportedLine(last.link(), Optional.empty())),
            StandardCharsets.UTF_8));
    link.add(
        new String(
            AuditLines.writeEnd(
                new AuditLines.End(
                    Optional.empty(),
                    new TimeSpan(Optional.empty(), Optional.of(last.event().orElseThrow().at())))),
            StandardCharsets.UTF_8));
    Files.write(file, link);
    assertThat(verify(file).code()).isZero();
    assertFound(link, FEW - 1, link.get(FEW - 1).replace("{\"link\"", with + ",\"link\""), FEW);
    assertFound(
        link,
        FEW - 1,
        link.get(FEW - 1).replace("{\"number\"", "{\"actor\":\"eve\",\"number\""),
        FEW);
  }

  private void assertRefused(List<String> lines, String inserted) throws IOException {
    List<String> edited = new ArrayList<>(lines);
    edited.add(20, inserted);
    Path file = directory.resolve("inserted.jsonl");
    Files.write(file, edited);
    assertThat(verify(file).code()).as(inserted).isNotZero();
  }

  @Test
  void an_export_whose_beginning_was_cut_off_is_found() throws IOException {
    Path file = export(FEW);
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(20, lines.size()));

    Said said = verify(file);

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).startsWith("number 1: the link is missing");
  }

  @Test
  void an_export_says_of_which_span_it_is_and_which_heads_it_can_not_be_compared_with()
      throws IOException {
    Path file = export(FEW);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    Path head = directory.resolve("head.json");
    AuditLines.End end = AuditLines.readEnd(lines.getLast());
    Files.write(head, ChainHeadJson.of(end.head().orElseThrow()).line());
    TimeSpan span = new TimeSpan(Optional.empty(), Optional.of(BEGIN.plusMillis(200)));
    lines.subList(200, lines.size()).clear();
    lines.add(
        new String(
            AuditLines.writeEnd(new AuditLines.End(Optional.empty(), span)),
            StandardCharsets.UTF_8));
    Files.write(file, lines);

    Said said = verify(file, Path.of("--head"), head);

    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text())
        .endsWith(
            """
            The file says that it has the events before 2026-11-24T12:00:00.200Z.
            The head of number 300, signed at %s, is outside of this time span and was not compared.
            """
                .formatted(end.head().orElseThrow().at()));
  }

  private void assertFound(List<String> lines, int at, @Nullable String instead)
      throws IOException {
    assertFound(lines, at, instead, 4);
  }

  private void assertFound(List<String> lines, int at, @Nullable String instead, int number)
      throws IOException {
    List<String> edited = new ArrayList<>(lines);
    if (instead == null) {
      edited.remove(at);
    } else {
      edited.set(at, instead);
    }
    Path file = directory.resolve("edited.jsonl");
    Files.write(file, edited);
    Said said = verify(file);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("number " + number);
  }
}
