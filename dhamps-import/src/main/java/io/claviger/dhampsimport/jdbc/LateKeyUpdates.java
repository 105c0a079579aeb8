package io.claviger.dhampsimport.jdbc;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stores keys of instances that an earlier run imported without one. */
final class LateKeyUpdates {
  private final JdbcClient jdbc;

  LateKeyUpdates(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Map<InstanceId, Destination> lockKeyless(Collection<InstanceId> instances) {
    Map<InstanceId, Destination> found = new HashMap<>();
    jdbc.sql(
            """
            select i.id, i.endpoint, s.key_method, s.key_field
            from instances i
            join api_standards s on s.handle = i.api_standard
            where i.id = any(cast(:ids as uuid[])) and i.api_key_sealed is null
            order by i.id
            for update of i for share of s
            """)
        .param("ids", UnnestedColumns.of(List.copyOf(instances), InstanceId::value))
        .query(
            row -> {
              Object unused =
                  found.put(
                      new InstanceId(row.getObject("id", UUID.class)),
                      new Destination(
                          Endpoint.of(row.getString("endpoint")),
                          new KeyPlacement(
                              KeyMethod.of(row.getString("key_method")),
                              row.getString("key_field"))));
            });
    return found;
  }

  void set(Map<InstanceId, SealedValue> sealed, Instant at) {
    List<Map.Entry<InstanceId, SealedValue>> keys = List.copyOf(sealed.entrySet());
    int unused =
        jdbc.sql(
                """
                update instances i
                set api_key_sealed = decode(k.sealed, 'hex'), api_key_set_at = :at,
                  updated_at = :at, version = version + 1
                from unnest(cast(:ids as uuid[]), :sealed) as k (id, sealed)
                where i.id = k.id
                """)
            .param("ids", UnnestedColumns.of(keys, k -> k.getKey().value()))
            .param("sealed", UnnestedColumns.of(keys, k -> k.getValue().bytes()))
            .param("at", Parameters.at(at))
            .update();
  }
}
