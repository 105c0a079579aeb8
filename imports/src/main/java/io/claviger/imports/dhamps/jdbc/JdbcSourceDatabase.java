package io.claviger.imports.dhamps.jdbc;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.SchemaVersion;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.shared.SourceKey;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnnestedColumns;
import io.claviger.imports.shared.UnreadableSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A {@link SourceDatabase} that reads a {@link SourceSnapshot}. */
public final class JdbcSourceDatabase implements SourceDatabase {
  private final SourceSnapshot source;
  private final SchemaVersion shape;

  private JdbcSourceDatabase(SourceSnapshot source) {
    this.source = source;
    this.shape = recognize(source);
  }

  /**
   * @throws UnreadableSource if this is not a dhamps-vdb database
   */
  public static JdbcSourceDatabase of(SourceSnapshot source) {
    return new JdbcSourceDatabase(source);
  }

  private static SchemaVersion recognize(SourceSnapshot source) {
    Set<String> tables = source.tables();
    return SchemaVersion.of(tables)
        .orElseThrow(
            () ->
                new UnreadableSource(
                    "it is not a database of dhamps-vdb in a known version; looked for "
                        + SchemaVersion.lookedFor()));
  }

  @Override
  public String identity() {
    return source.identity();
  }

  @Override
  public SourceContent content() {
    return source.read(jdbc -> new SourceRows(jdbc, shape).content());
  }

  @Override
  public Map<Long, OldKeys> keys(Collection<Long> services) {
    return source.read(
        jdbc -> {
          Map<Long, OldKeys> keys = new HashMap<>();
          jdbc.sql(SourceRows.keysOf(shape))
              .param("ids", UnnestedColumns.of(List.copyOf(services), id -> id))
              .query(
                  row -> {
                    Object unused = keys.putIfAbsent(row.getLong("id"), keysOf(row));
                  });
          return keys;
        });
  }

  private static OldKeys keysOf(ResultSet row) throws SQLException {
    Optional<byte[]> plain = Optional.ofNullable(row.getBytes("plain"));
    Optional<byte[]> sealed = Optional.ofNullable(row.getBytes("sealed"));
    return new OldKeys(
        plain.map(JdbcSourceDatabase::plain).orElse(new SourceKey.Absent()),
        sealed.map(SourceDecryption.Sealed::new));
  }

  private static SourceKey plain(byte[] bytes) {
    try {
      return new SourceKey.Usable(Secret.apiKey(bytes));
    } catch (InvalidValue e) {
      return new SourceKey.Unusable();
    }
  }
}
