package io.claviger.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ObjectOperationsTest {
  private static final ObjectOperations OPENAI = WireFormat.OPENAI.api().storage();

  @ParameterizedTest
  @EnumSource
  void each_row_is_found_by_its_own_path_and_no_row_hides_another(WireFormat format) {
    ObjectOperations table = format.api().storage();
    for (ObjectOperation row : table.all()) {
      String path = row.operation().pathAnywhere().replaceAll("\\{([a-z]+)}", "$1_1");
      assertThat(table.find(row.operation().method(), path)).contains(row);
    }
  }

  /** Rows are looked up by the first segment of the path, which must make no difference. */
  @ParameterizedTest
  @EnumSource
  void the_first_row_that_matches_is_found(WireFormat format) {
    ObjectOperations table = format.api().storage();
    for (String path : table.all().stream().flatMap(ObjectOperationsTest::like).toList()) {
      for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "get", "")) {
        assertThat(table.find(method, path))
            .as("%s %s", method, path)
            .isEqualTo(table.all().stream().filter(each -> each.matches(method, path)).findFirst());
      }
    }
  }

  private static Stream<String> like(ObjectOperation row) {
    String path = row.operation().pathAnywhere().replaceAll("\\{([a-z]+)}", "$1_1");
    return Stream.of("", "v1/", "v1beta/", "v2alpha1/", "v1x/", "/", "files/", "x", ":")
        .map(beginning -> beginning + path)
        .flatMap(each -> Stream.of("", "/", "/x", ":x", "x").map(end -> each + end))
        .flatMap(each -> Stream.of(each, each.replace('/', ':'), each.replace(':', '/')))
        .flatMap(each -> Stream.of(each, each.replace("_1", "_1:id_2"), each.replace("_1", ":")))
        .distinct();
  }

  /** A caller who may use one object must not name another object in the path that is sent. */
  @ParameterizedTest
  @EnumSource
  void the_ids_of_a_path_are_all_that_it_names(WireFormat format) {
    for (ObjectOperation row : format.api().storage().all()) {
      for (String path : like(row).filter(each -> row.matches(method(row), each)).toList()) {
        assertThat(row.idsIn(path).map(ids -> written(row, ids)).orElse(path))
            .as("%s in %s", row.operation(), path)
            .isIn(path, path.replaceFirst("^v[a-z0-9]+/", ""));
        assertThat(row.idsIn(path).stream().flatMap(List::stream)).as(path).noneMatch(isSplit());
      }
    }
  }

  private static Predicate<String> isSplit() {
    return id -> id.contains(":") || id.contains("/");
  }

  private static String method(ObjectOperation row) {
    return row.operation().method();
  }

  private static String written(ObjectOperation row, List<String> ids) {
    String path = row.operation().pathAnywhere();
    for (String id : ids) {
      path = path.replaceFirst("\\{[a-z]+}", id);
    }
    return path;
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, POST, vector_stores/vs_VICTIM:vs_MINE/search",
    "OPENAI, GET, conversations/conv_VICTIM:conv_MINE/items",
    "OPENAI, GET, conversations/conv_MINE:x/items/msg_1",
    "OPENAI, GET, responses/resp_VICTIM:resp_MINE/input_items",
    "OPENAI, GET, containers/cntr_VICTIM:cntr_MINE/files",
    "OPENAI, GET, containers/cntr_VICTIM:a:b:cntr_MINE/files",
    "OPENAI, GET, containers/:cntr_MINE/files",
    "OPENAI, GET, files/file-VICTIM:file-MINE/content",
    "OPENAI, POST, batches/batch_VICTIM:batch_MINE/cancel",
    "ANTHROPIC, GET, v1/messages/batches/msgbatch_VICTIM:msgbatch_MINE/results",
    "ANTHROPIC, GET, v1/files/file_VICTIM:file_MINE/content",
    "GEMINI, GET, v1beta/files/victim:mine",
    "GEMINI, GET, v1beta/files/victim:mine:download",
    "GEMINI, POST, v1beta/batches/victim:mine:cancel"
  })
  void a_colon_does_not_begin_another_id(WireFormat format, String method, String path) {
    Optional<ObjectOperation> found = format.api().storage().find(method, path);
    assertThat(found.flatMap(each -> each.idsIn(path))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, GET, vector_stores/vs_1/files/file-2/content, vs_1 file-2",
    "ANTHROPIC, GET, v1/messages/batches/msgbatch_1/results, msgbatch_1",
    "GEMINI, GET, files/a-b:download, a-b",
    "GEMINI, GET, v1beta/files/a-b:download, a-b",
    "GEMINI, POST, v1alpha2/batches/a-b:cancel, a-b",
    "GEMINI, GET, v1beta/files/v1, v1"
  })
  void ids_are_found_behind_a_version_and_before_a_verb(
      WireFormat format, String method, String path, String ids) {
    ObjectOperation found = format.api().storage().find(method, path).orElseThrow();
    assertThat(found.idsIn(path)).contains(List.of(ids.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "files/abc, abc",
    "https://generativelanguage.googleapis.com/v1beta/files/abc, abc",
    "https://proxy.example/google/v1beta/files/abc, abc",
    "https://generativelanguage.googleapis.com/v1beta/files/victim/files/own,",
    "https://generativelanguage.googleapis.com/files/victim/../files/own,",
    "https://generativelanguage.googleapis.com/v1beta/../files/own,",
    "https://generativelanguage.googleapis.com/cachedContents/victim/files/own,"
  })
  void the_uri_of_a_file_of_google_names_one_object(String uri, String id) {
    assertThat(WireFormat.GEMINI.api().objectId(ObjectKind.FILES, uri))
        .isEqualTo(Optional.ofNullable(id));
  }

  @ParameterizedTest
  @EnumSource
  void only_what_makes_or_lists_objects_names_none(WireFormat format) {
    for (ObjectOperation row : format.api().storage().all()) {
      boolean beginsAnew =
          row.creates() || row.effect() == Effect.LIST || row.effect() == Effect.LEAVE;
      assertThat(row.namesObject()).as(row.operation().value()).isNotEqualTo(beginsAnew);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_makes_or_shows_an_object_states_its_id(WireFormat format) {
    for (ObjectOperation row : format.api().storage().all()) {
      assertThat(row.answered().stream().anyMatch(each -> each.role() == AnsweredId.Role.SELF))
          .as(row.operation().value())
          .isEqualTo(row.statesSelf());
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_can_be_made_and_deleted(WireFormat format) {
    ObjectOperations table = format.api().storage();
    for (ObjectKind kind : table.kinds()) {
      assertThat(kind.isLendable()).isTrue();
      List<ObjectOperation> rows =
          table.all().stream().filter(each -> each.kind() == kind).toList();
      assertThat(rows)
          .anyMatch(
              each ->
                  each.creates() && rows.stream().anyMatch(row -> row.effect() == Effect.DELETE)
                      || each.effect() == Effect.LEAVE
                      // OpenAI's batches can be cancelled, and nobody can delete them.
                      || each.makesBatch());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, POST, batches, true",
    "OPENAI, POST, vector_stores, true",
    "OPENAI, POST, vector_stores/vs_1/file_batches, true",
    "OPENAI, POST, containers/cntr_1/files, true",
    "OPENAI, POST, uploads/upload_1/complete, true",
    "OPENAI, POST, responses, false",
    "OPENAI, POST, conversations/conv_1/items, false",
    "OPENAI, POST, batches/batch_1/cancel, false",
    "ANTHROPIC, POST, v1/messages/batches, false",
    "GEMINI, POST, v1beta/models/m:batchGenerateContent, false",
    "GEMINI, POST, v1beta/cachedContents, true",
    "GEMINI, PATCH, v1beta/cachedContents/a, false"
  })
  void what_can_be_read_in_the_result_is_copied(
      WireFormat format, String method, String path, boolean copied) {
    assertThat(format.api().storage().find(method, path))
        .map(ObjectOperation::copiesWhatItNames)
        .contains(copied);
  }

  /** Whatever changes, cancels or deletes something is only for those who may delete it. */
  @Test
  void only_what_just_adds_something_is_for_all_who_may_add() {
    assertThat(
            Stream.of(WireFormat.values())
                .flatMap(format -> format.api().storage().all().stream())
                .filter(each -> each.action() == ObjectAction.ADD)
                .map(each -> each.operation().value()))
        .containsExactlyInAnyOrder(
            "POST uploads/{id}/parts",
            "POST conversations/{id}/items",
            "POST vector_stores/{id}/files",
            "POST vector_stores/{id}/file_batches",
            "POST containers/{id}/files");
  }

  @Test
  void ids_are_taken_from_the_path_as_they_are() {
    ObjectOperation read = OPENAI.find("GET", "files/file-aB1").orElseThrow();
    assertThat(read.idsIn("files/file-aB1")).contains(List.of("file-aB1"));
    assertThat(read.idsIn("files/file-%61B1")).isEmpty();
    ObjectOperation item = OPENAI.find("GET", "conversations/conv_1/items/msg_2").orElseThrow();
    assertThat(item.idsIn("conversations/conv_1/items/msg_2"))
        .isEqualTo(Optional.of(List.of("conv_1", "msg_2")));
    assertThat(OPENAI.find("GET", "files/")).isEmpty();
    assertThat(OPENAI.find("PATCH", "files/file-1")).isEmpty();
    assertThat(OPENAI.find("GET", "FILES/file-1")).isEmpty();
  }

  @Test
  void each_object_is_removed_where_its_kind_is_and_first_where_its_id_says() {
    assertThat(removals(OPENAI, ObjectKind.FILES, "file-1"))
        .containsExactly("DELETE files/file-1", "POST uploads/file-1/cancel");
    assertThat(removals(OPENAI, ObjectKind.FILES, "upload_1"))
        .containsExactly("POST uploads/upload_1/cancel", "DELETE files/upload_1");
    assertThat(removals(OPENAI, ObjectKind.RESPONSES, "resp_1"))
        .containsExactly(
            "POST responses/resp_1/cancel DELETE responses/resp_1",
            "DELETE chat/completions/resp_1");
    assertThat(removals(OPENAI, ObjectKind.RESPONSES, "chatcmpl-1").getFirst())
        .isEqualTo("DELETE chat/completions/chatcmpl-1");
    assertThat(removals(OPENAI, ObjectKind.BATCHES, "batch_1"))
        .containsExactly("POST batches/batch_1/cancel");
    assertThat(removals(OPENAI, ObjectKind.CONVERSATIONS, "conv_1"))
        .containsExactly("DELETE conversations/conv_1");
    assertThat(
            OPENAI
                .removals(new ObjectName(ObjectKind.CONVERSATIONS, "conv_1"), Optional.empty(), "")
                .getFirst()
                .parts()
                .map(ObjectList::path))
        .contains("conversations/conv_1/items");
    assertThat(removals(OPENAI, ObjectKind.VECTOR_STORES, "vs_1"))
        .containsExactly("DELETE vector_stores/vs_1");
    assertThat(removals(OPENAI, ObjectKind.CONTAINERS, "cntr_1"))
        .containsExactly("DELETE containers/cntr_1");
    assertThat(removals(OPENAI, ObjectKind.CACHES, "a")).isEmpty();
    assertThat(removals(WireFormat.ANTHROPIC.api().storage(), ObjectKind.FILES, "file_1"))
        .containsExactly("DELETE v1/files/file_1");
    assertThat(removals(WireFormat.ANTHROPIC.api().storage(), ObjectKind.CONTAINERS, "container_1"))
        .isEmpty();
    assertThat(removals(WireFormat.ANTHROPIC.api().storage(), ObjectKind.BATCHES, "msgbatch_1"))
        .containsExactly(
            "POST v1/messages/batches/msgbatch_1/cancel DELETE v1/messages/batches/msgbatch_1");
    assertThat(removals(WireFormat.GEMINI.api().storage(), ObjectKind.BATCHES, "a-b"))
        .containsExactly("POST v1beta/batches/a-b:cancel DELETE v1beta/batches/a-b");
    assertThat(removals(WireFormat.GEMINI.api().storage(), ObjectKind.FILES, "a-b"))
        .containsExactly("DELETE v1beta/files/a-b");
    assertThat(removals(WireFormat.GEMINI.api().storage(), ObjectKind.CACHES, "a-b"))
        .containsExactly("DELETE v1beta/cachedContents/a-b");
  }

  @Test
  void lists_of_a_kind_have_what_their_ids_say() {
    assertThat(OPENAI.isListed(new ObjectName(ObjectKind.FILES, "file-1"))).isTrue();
    assertThat(OPENAI.isListed(new ObjectName(ObjectKind.FILES, "upload_1"))).isFalse();
    assertThat(OPENAI.isListed(new ObjectName(ObjectKind.RESPONSES, "chatcmpl-1"))).isTrue();
    assertThat(OPENAI.isListed(new ObjectName(ObjectKind.RESPONSES, "resp_1"))).isFalse();
    assertThat(OPENAI.isListed(new ObjectName(ObjectKind.CONVERSATIONS, "conv_1"))).isFalse();
  }

  @Test
  void parts_are_removed_from_the_whole_and_ids_that_are_no_segment_of_a_path_are_not() {
    Optional<String> whole = Optional.of("x_1");
    assertThat(OPENAI.removals(new ObjectName(ObjectKind.RESPONSES, "msg_1"), whole, ""))
        .extracting(ObjectOperationsTest::written)
        .containsExactly("DELETE conversations/x_1/items/msg_1");
    assertThat(OPENAI.removals(new ObjectName(ObjectKind.CONTAINERS, "cfile_1"), whole, ""))
        .extracting(ObjectOperationsTest::written)
        .containsExactly("DELETE containers/x_1/files/cfile_1");
    assertThat(OPENAI.removals(new ObjectName(ObjectKind.VECTOR_STORES, "vsfb_1"), whole, ""))
        .isEmpty();
    for (String hostile :
        List.of("../organization/keys/1", "a/b", "a?b", "a%2fb", ".", "a:b", "#")) {
      ObjectName name = new ObjectName(ObjectKind.FILES, hostile);
      assertThat(OPENAI.removals(name, Optional.empty(), "")).isEmpty();
      assertThat(
              OPENAI.removals(new ObjectName(ObjectKind.CONTAINERS, "a"), Optional.of(hostile), ""))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, DONE", "204, DONE", "404, ABSENT", "410, ABSENT", "400, REFUSED", "405, REFUSED",
    "409, REFUSED", "0, NOT_NOW", "302, NOT_NOW", "401, NOT_NOW", "402, NOT_NOW", "403, NOT_NOW",
    "408, NOT_NOW", "429, NOT_NOW", "500, NOT_NOW", "529, NOT_NOW"
  })
  void what_an_answer_says(int status, ObjectRemoval.Answer answer) {
    assertThat(ObjectRemoval.Answer.of(status)).isEqualTo(answer);
  }

  private static List<String> removals(ObjectOperations table, ObjectKind kind, String id) {
    return table.removals(new ObjectName(kind, id), Optional.empty(), "v1beta/").stream()
        .map(ObjectOperationsTest::written)
        .toList();
  }

  private static String written(ObjectRemoval way) {
    return Stream.concat(way.cancel().stream(), way.delete().stream())
        .map(request -> request.method() + " " + request.path())
        .collect(Collectors.joining(" "));
  }
}
