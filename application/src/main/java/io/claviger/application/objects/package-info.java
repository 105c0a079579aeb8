/** The ledger of provider objects: who holds what calls left at providers, and who may use it. */
@NullMarked
package io.claviger.application.objects;

import org.jspecify.annotations.NullMarked;
