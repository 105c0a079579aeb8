/**
 * Provider objects: things that calls store at a provider and that later calls can name by an id,
 * such as files, batches and stored responses. To the provider, all borrowers of a key are one
 * customer. The rules of this package isolate the borrowers from each other.
 */
package io.claviger.domain.objects;
