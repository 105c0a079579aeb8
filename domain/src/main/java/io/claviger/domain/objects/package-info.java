/**
 * Provider objects: things that calls store at a provider and that later calls name by an id, such
 * as files, batches and stored responses. To the provider, all borrowers of a key are the same
 * customer. The rules in this package isolate the borrowers from each other.
 */
package io.claviger.domain.objects;
