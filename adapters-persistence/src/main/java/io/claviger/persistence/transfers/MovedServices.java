package io.claviger.persistence.transfers;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives a service to the receiver of a transfer, with what was shared of it. */
final class MovedServices {
  private final JdbcClient jdbc;

  MovedServices(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Changes the shares first, because nothing is shared with its owner. What the receiver lent as a
   * co-owner would end with their own share, unless it is lent by them as the owner before.
   *
   * @return how many shares the receiver gives instead of the giver
   */
  int move(UUID id, Transfer transfer, Handle handle, Instant now) {
    int unusedRerooted =
        jdbc.sql(
                """
                update shares
                set given_via = null, version = version + 1
                where instance_id = :id and given_via = :to
                """)
            .param("id", id)
            .param("to", transfer.to().id().value())
            .update();
    int unusedEnded =
        jdbc.sql("delete from shares where instance_id = :id and grantee_id = :to")
            .param("id", id)
            .param("to", transfer.to().id().value())
            .update();
    int given =
        jdbc.sql(
                """
                update shares
                set given_by = :to, version = version + 1
                where instance_id = :id and given_by = :from
                """)
            .param("id", id)
            .param("from", transfer.from().id().value())
            .param("to", transfer.to().id().value())
            .update();
    int rows =
        jdbc.sql(
                """
                update instances
                set owner_id = :to, owner_handle = :to_handle, handle = :handle,
                  version = version + 1, updated_at = :now
                where id = :id and owner_id = :from
                """)
            .param("id", id)
            .param("from", transfer.from().id().value())
            .param("to", transfer.to().id().value())
            .param("to_handle", transfer.to().handle().value())
            .param("handle", handle.value())
            .param("now", Parameters.at(now))
            .update();
    Database.requireOne(rows);
    return given;
  }
}
