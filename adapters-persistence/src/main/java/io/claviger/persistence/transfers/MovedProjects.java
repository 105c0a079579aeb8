package io.claviger.persistence.transfers;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives a project to the receiver of a transfer, with its members. */
final class MovedProjects {
  private final JdbcClient jdbc;

  MovedProjects(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns how many shares the receiver gives instead of the giver. */
  int move(UUID id, Transfer transfer, Handle handle, Instant now) {
    int unusedEnded =
        jdbc.sql("delete from project_shares where project_id = :id and grantee_id = :to")
            .param("id", id)
            .param("to", transfer.to().id().value())
            .update();
    int given =
        jdbc.sql(
                """
                update project_shares
                set given_by = :to, version = version + 1
                where project_id = :id and given_by = :from
                """)
            .param("id", id)
            .param("from", transfer.from().id().value())
            .param("to", transfer.to().id().value())
            .update();
    int rows =
        jdbc.sql(
                """
                update projects
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
