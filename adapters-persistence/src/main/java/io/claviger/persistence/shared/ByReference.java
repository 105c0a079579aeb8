package io.claviger.persistence.shared;

/**
 * Subqueries that find a service or project by its reference, {@code :owner} and {@code :handle}.
 * If no service or project has this reference now, the subqueries find the service or project that
 * had this reference before a transfer.
 */
public final class ByReference {
  /** Selects the id of the service with the reference {@code :owner} and {@code :handle}. */
  public static final String SERVICE =
      """
      coalesce(
        (select id from instances where owner_handle = :owner and handle = :handle),
        (select service_id
        from moved_references
        where kind = 'service' and owner_handle = :owner and handle = :handle and until > now()))
      """;

  /** Selects the id of the project with the reference {@code :owner} and {@code :handle}. */
  public static final String PROJECT =
      """
      coalesce(
        (select id from projects where owner_handle = :owner and handle = :handle),
        (select project_id
        from moved_references
        where kind = 'project' and owner_handle = :owner and handle = :handle and until > now()))
      """;

  private ByReference() {}
}
