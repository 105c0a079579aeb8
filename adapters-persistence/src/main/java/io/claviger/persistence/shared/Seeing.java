package io.claviger.persistence.shared;

import io.claviger.application.shared.Sight;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * SQL conditions that select only rows that an actor may see. {@link Sight} defines what an actor
 * may see.
 */
public final class Seeing {
  /** Selects the ids of {@code :viewer} and of the viewer's groups. */
  public static final String GRANTEES =
      """
      (select cast(:viewer as uuid)
      union all
      select member.group_id from group_members member where member.user_id = :viewer)
      """;

  /**
   * The condition for services, whose table has the alias {@code i}. The condition needs the
   * parameter {@code :now}.
   */
  public static final String SERVICE =
      """

      and (cast(:only as uuid) is null or i.id = :only)
      and (
        :everything or i.owner_id = :viewer or i.owner_handle = '_system'
        or exists (
          select from shares x
          where x.instance_id = i.id
            and (:expired or x.expires_at is null or x.expires_at > :now)
            and x.grantee_id in
      """
          + GRANTEES
          + """
          )
          or exists (select from user_keys k where k.instance_id = i.id and k.user_id = :viewer))
          """;

  /** The condition for projects, whose table has the alias {@code p}. */
  public static final String PROJECT =
      """

      and (cast(:only as uuid) is null or p.id = :only)
      and (
        :everything or p.owner_id = :viewer
        or exists (
          select from project_shares x
          where x.project_id = p.id and x.grantee_id in
      """
          + GRANTEES
          + "))\n";

  /**
   * The condition for knowing a project's name: {@link #PROJECT} holds, or the project is open to
   * everybody.
   */
  public static final String PROJECT_OR_OPEN =
      PROJECT.replace(
          ":everything or",
          ":everything or exists (select from open_projects w where w.project_id = p.id) or");

  /**
   * The condition for requests. The table of requests has the alias {@code r}, and the table of the
   * requested services has the alias {@code i}.
   */
  public static final String REQUEST =
      """

      and (
        :everything or r.asker_id = :viewer or i.owner_id = :viewer
        or exists (
          select from shares x
          where x.instance_id = i.id and x.role = 'owner'
            and (x.expires_at is null or x.expires_at > :now)
            and x.grantee_id in
      """
          + GRANTEES
          + "))\n";

  /** The condition for transfers, whose table has the alias {@code t}. */
  public static final String TRANSFER =
      "\nand (:everything or t.from_id = :viewer or t.to_id = :viewer)\n";

  /**
   * Statements that select the ids of other users. {@code :viewer} sees the handles of these users
   * in lists. Each statement is for one kind of thing that two users can have in common. The
   * statements need {@code :now}.
   */
  public static final List<String> PEOPLE =
      Stream.of(
              """
              select answered.id
              from users answered
              where answered.responsible_user_id = :viewer
              """,
              """
              select answered.id
              from users answered
              where answered.responsible_group_id in (
                select group_id from group_members where user_id = :viewer and role = 'manager')
              """,
              """
              select other.user_id
              from group_members own
              join group_members other on other.group_id = own.group_id
              where own.user_id = :viewer
              """,
              """
              select held.user_id
              from instances i
              join shares held on held.instance_id = i.id
              where i.owner_handle = (select handle from users where id = :viewer)
              """,
              """
              select member.user_id
              from projects p
              join project_shares member on member.project_id = p.id
              where p.owner_handle = (select handle from users where id = :viewer)
              """,
              """
              select i.owner_id
              from shares own
              join instances i on i.id = own.instance_id
              where own.grantee_id in {grantees}
                and (own.expires_at is null or own.expires_at > :now)
              """,
              """
              select held.user_id
              from shares own
              join shares held on held.instance_id = own.instance_id
              where own.grantee_id in {grantees} and own.role in ('writer', 'owner')
                and (own.expires_at is null or own.expires_at > :now)
              """)
          .map(ids -> ids.replace("{grantees}", GRANTEES))
          .toList();

  private Seeing() {}

  /** Sets the parameters for {@link #SERVICE}, except {@code now}. */
  public static StatementSpec ofService(Sight sight, StatementSpec statement) {
    return ofProject(sight, statement).param("expired", sight.expired());
  }

  /** Sets the parameters for {@link #PROJECT}. */
  public static StatementSpec ofProject(Sight sight, StatementSpec statement) {
    return of(sight, statement).param("only", sight.only().orElse(null));
  }

  /** Sets the parameters for {@link #REQUEST}, except {@code now}, and for {@link #TRANSFER}. */
  public static StatementSpec of(Sight sight, StatementSpec statement) {
    return statement
        .param("viewer", sight.viewer().value())
        .param("everything", sight.everything());
  }
}
