/**
 * Provider objects: what calls leave at a provider and later calls can name by an id, such as
 * files, batches and stored responses. To the provider, all borrowers of a key are one customer.
 * The rules of this package keep them apart.
 */
package io.claviger.domain.objects;
