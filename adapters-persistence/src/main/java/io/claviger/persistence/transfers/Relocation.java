package io.claviger.persistence.transfers;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Moves a service or project and its shares to the receiver of a transfer. */
final class Relocation {
  /**
   * A share that a co-owner gave refers to the co-owner's own share. Projects have no co-owners.
   */
  private static final String REROOT =
      """
      update shares
      set given_via = null, version = version + 1
      where instance_id = :id and given_via = :to
      """;

  /**
   * Removes the names of files of {@code claviger apply}. The giver's files no longer apply to the
   * service. Files of co-owners mark their shares again at their next run.
   */
  private static final String UNMARK_SHARES =
      """
      update shares
      set applied_by = null, version = version + 1
      where instance_id = :id and applied_by is not null
      """;

  private static final String UNMARK_OBJECTS =
      """
      update shared_objects
      set applied_by = null
      where service_id = :id and applied_by is not null
      """;

  private static final String UNMARK_MEMBERS =
      """
      update project_shares
      set applied_by = null, version = version + 1
      where project_id = :id and applied_by is not null
      """;

  /** Deletes the receiver's requests to borrow the item, because the receiver now owns it. */
  private static final String END_RECEIVERS_REQUESTS =
      "delete from borrow_requests where instance_id = :id and asker_id = :to and state = 'open'";

  /**
   * Whether the stored confirmation belongs to a later owner who has entered a federation of their
   * own, or whether the first owner gets the service back and has let a later owner use the
   * account. After the transfer, nobody can use that owner's confirmation. A rotation of the
   * encryption keys could not open the confirmation either, because it is sealed to an owner whom
   * the service no longer names.
   */
  private static final String OF_NOBODY =
      """
      (credential_kind = 'federated' and given_credential is not null
        and (credential_settings
            <> array(
              select s
              from unnest(given_credential) with ordinality as g (s, n)
              where s !~ '^(of|for)='
              order by n)
          or 'of=' || cast(:to as text) = any (given_credential)
            and exists (select from unnest(given_credential) s where s like 'for=%')))
      """;

  /**
   * The column {@code given_credential} keeps the first owner's credential settings, the first
   * owner's id ({@code of=…}), and the id of the owner whom the first owner lets use the account
   * ({@code for=…}). The column does not change when later owners store other credentials, but only
   * when the first owner gives the service away or gets the service back. The first owner's id is
   * stored for all kinds of credentials, because the service might have had a federated credential
   * before, which the provider might still trust.
   */
  private static final Statements SERVICE =
      new Statements(
          "delete from shares where instance_id = :id and grantee_id = :to",
          """
          update shares
          set given_by = :to, version = version + 1, applied_by = null
          where instance_id = :id and given_by = :from
          """,
          """
          update instances
          set owner_id = :to, owner_handle = :to_handle, handle = :handle,
            version = version + 1, updated_at = :now, applied_by = null, capacity_group = null,
            api_key_sealed = case when %1$s then null else api_key_sealed end,
            api_key_set_at = case when %1$s then null else api_key_set_at end,
            given_credential = case
              when 'of=' || cast(:to as text) = any (given_credential) then null
              when given_credential is not null then given_credential
              else case when credential_kind = 'federated' then credential_settings else '{}' end
                || ('of=' || cast(:from as text))
            end
          where id = :id and owner_id = :from
          """
              .formatted(OF_NOBODY),
          List.of(UNMARK_SHARES, UNMARK_OBJECTS));

  private static final Statements PROJECT =
      new Statements(
          "delete from project_shares where project_id = :id and grantee_id = :to",
          """
          update project_shares
          set given_by = :to, version = version + 1, applied_by = null
          where project_id = :id and given_by = :from
          """,
          """
          update projects
          set owner_id = :to, owner_handle = :to_handle, handle = :handle,
            version = version + 1, updated_at = :now, applied_by = null
          where id = :id and owner_id = :from
          """,
          List.of(UNMARK_MEMBERS));

  private record Statements(
      String endReceiversShare, String giveByReceiver, String move, List<String> unmark) {}

  private final JdbcClient jdbc;

  Relocation(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Changes the shares before the owner, because a thing can't be shared with its owner. Shares
   * that the receiver gave as a co-owner would end together with the receiver's own share. So such
   * shares first become shares from the owner. Returns the number of shares that the transfer's
   * giver had given and that are now recorded as given by the receiver.
   */
  int move(TransferItem.Kind kind, UUID id, Transfer transfer, Handle handle, Instant now) {
    Map<String, Object> between =
        Map.of("id", id, "from", transfer.from().id().value(), "to", transfer.to().id().value());
    Statements statements =
        switch (kind) {
          case SERVICE -> {
            Database.update(jdbc.sql(REROOT).params(between));
            Database.update(jdbc.sql(END_RECEIVERS_REQUESTS).params(between));
            yield SERVICE;
          }
          case PROJECT -> PROJECT;
        };
    Database.update(jdbc.sql(statements.endReceiversShare()).params(between));
    int given = jdbc.sql(statements.giveByReceiver()).params(between).update();
    statements.unmark().forEach(each -> Database.update(jdbc.sql(each).param("id", id)));
    Database.updateOne(
        jdbc.sql(statements.move())
            .params(between)
            .param("to_handle", transfer.to().handle().value())
            .param("handle", handle.value())
            .param("now", Parameters.at(now)));
    return given;
  }
}
