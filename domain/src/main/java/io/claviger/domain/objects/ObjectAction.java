package io.claviger.domain.objects;

/** What a call does with a provider object. */
public enum ObjectAction {
  /** Name the object in a request, so that the provider uses it. */
  REFER,
  /** Read the object, its content or its parts. */
  READ,
  /** Delete, cancel or change the object. */
  DELETE
}
