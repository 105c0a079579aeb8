package io.claviger.persistence.objects;

import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.BatchRefusal;
import io.claviger.domain.objects.BatchVerdict;
import io.claviger.domain.objects.BatchVerdict.ModelUse;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes and reads table {@code batch_files}. */
final class BatchFileRows {
  private BatchFileRows() {}

  /** Does nothing if the file has no live row, or was read before. */
  static void keep(JdbcClient jdbc, ReadFile file) {
    BatchVerdict verdict = file.verdict();
    List<ModelUse> uses = verdict.models();
    int unused =
        jdbc.sql(
                """
                insert into batch_files (
                  object_row, requests, path, first_stored, fault, fault_line, models, first_lines,
                  model_requests, model_bytes, outputs, largest_outputs, first_unbounded)
                select o.id, :requests, :path, :first_stored, :fault, :fault_line, :models,
                  :first_lines, :model_requests, :model_bytes, :outputs, :largest_outputs,
                  :first_unbounded
                from provider_objects o
                where o.service_id = :service and o.kind = 'files' and o.object_id = :file
                  and o.state = 'live'
                on conflict on constraint batch_files_pkey do nothing
                """)
            .param("service", file.service().value())
            .param("file", file.file())
            .param("requests", verdict.requests())
            .param("path", verdict.path())
            .param("first_stored", orNull(verdict.firstStored()))
            .param("fault", verdict.fault().map(why -> why.reason().name()).orElse(null))
            .param("fault_line", verdict.fault().map(BatchRefusal::line).orElse(null))
            .param("models", Parameters.texts(uses, ModelUse::model))
            .param("first_lines", numbers(uses, ModelUse::firstLine))
            .param("model_requests", numbers(uses, ModelUse::requests))
            .param("model_bytes", bigNumbers(uses, ModelUse::bytes))
            .param(
                "outputs",
                bigNumbers(
                    uses, use -> use.output().isPresent() ? (Long) use.output().getAsLong() : null))
            .param("largest_outputs", bigNumbers(uses, ModelUse::largestOutput))
            .param("first_unbounded", numbers(uses, use -> orNull(use.firstUnbounded())))
            .update();
  }

  private static @Nullable Integer orNull(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : null;
  }

  private static @Nullable Integer[] numbers(
      List<ModelUse> uses, Function<ModelUse, @Nullable Integer> number) {
    return uses.stream().map(number).toArray(Integer[]::new);
  }

  private static @Nullable Long[] bigNumbers(
      List<ModelUse> uses, Function<ModelUse, @Nullable Long> number) {
    return uses.stream().map(number).toArray(Long[]::new);
  }

  static Optional<BatchVerdict> find(JdbcClient jdbc, Instance.Id service, String file) {
    List<Found> rows =
        jdbc.sql(
                """
                select b.requests, b.path, b.first_stored, b.fault, b.fault_line,
                  m.model as m_model, m.first_line as m_first_line, m.requests as m_requests,
                  m.bytes as m_bytes, m.output as m_output, m.largest as m_largest,
                  m.first_unbounded as m_first_unbounded, %s
                from provider_objects o
                join batch_files b on b.object_row = o.id
                left join unnest(b.models, b.first_lines, b.model_requests, b.model_bytes,
                    b.outputs, b.largest_outputs, b.first_unbounded)
                  with ordinality as m (model, first_line, requests, bytes, output, largest,
                    first_unbounded, place) on true
                where o.service_id = :service and o.kind = 'files' and o.object_id = :file
                  and o.state = 'live'
                order by m.place
                """
                    .formatted(PrimaryAnswers.COLUMN))
            .param("service", service.value())
            .param("file", file)
            .query((rs, n) -> found(Row.of(rs)))
            .list();
    return rows.stream()
        .findFirst()
        .map(
            first ->
                new BatchVerdict(
                    first.requests(),
                    first.path(),
                    rows.stream().flatMap(row -> row.use().stream()).toList(),
                    first.firstStored(),
                    first.fault()));
  }

  /** A verdict with one of its models. */
  private record Found(
      int requests,
      String path,
      OptionalInt firstStored,
      Optional<BatchRefusal> fault,
      Optional<ModelUse> use) {}

  private static Found found(Row row) throws SQLException {
    PrimaryAnswers.require(row);
    Row model = row.part("m_");
    return new Found(
        row.number("requests"),
        row.text("path"),
        number(row, "first_stored"),
        row.has("fault")
            ? Optional.of(
                new BatchRefusal(
                    row.number("fault_line"), BatchRefusal.Reason.valueOf(row.text("fault"))))
            : Optional.empty(),
        model.has("model") ? Optional.of(use(model)) : Optional.empty());
  }

  private static ModelUse use(Row row) throws SQLException {
    OptionalLong output = row.optionalBigNumber("output");
    return new ModelUse(
        row.text("model"),
        row.number("first_line"),
        row.number("requests"),
        row.bigNumber("bytes"),
        output,
        row.bigNumber("largest"),
        number(row, "first_unbounded"));
  }

  private static OptionalInt number(Row row, String column) throws SQLException {
    Optional<Integer> found = row.optionalNumber(column);
    return found.isPresent() ? OptionalInt.of(found.get()) : OptionalInt.empty();
  }
}
