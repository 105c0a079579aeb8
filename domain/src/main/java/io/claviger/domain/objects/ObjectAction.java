package io.claviger.domain.objects;

/** What a call does with a provider object. */
public enum ObjectAction {
  /** Name it in a request, so that the provider uses it. */
  REFER,
  /** Read what the provider says about it, its content, or what it consists of. */
  READ,
  /** Delete, cancel or change it. */
  DELETE
}
