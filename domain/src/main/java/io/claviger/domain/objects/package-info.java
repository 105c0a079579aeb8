/**
 * Provider objects: things such as files, batches and stored responses, which a provider stores
 * because of a call. Later calls can refer to these objects by their ids. To the provider, all
 * borrowers of a key are the same customer. The rules in this package isolate the borrowers from
 * each other.
 */
@NullMarked
package io.claviger.domain.objects;

import org.jspecify.annotations.NullMarked;
