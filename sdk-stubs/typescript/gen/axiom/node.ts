/** What service.ts tells the host of a package: its name, its nodes and their handlers. */

import type { Message } from 'google-protobuf';
import type { AxiomContext } from '../axiomContext';

/** A message's class, as gen/messages_pb has it. */
export interface MessageClass<T extends Message> {
  new (): T;
  deserializeBinary(bytes: Uint8Array): T;
}

interface Described<In extends Message, Out extends Message> {
  /** As axiom.yaml has it. */
  readonly name: string;
  /** Full Protobuf names. */
  readonly inputType: string;
  readonly outputType: string;
  readonly input: MessageClass<In>;
  readonly output: MessageClass<Out>;
}

export interface UnaryNode<
  In extends Message = Message,
  Out extends Message = Message,
> extends Described<In, Out> {
  readonly kind: 'unary';
  readonly handler: (ax: AxiomContext, input: In) => Out | Promise<Out>;
}

export interface PipelineNode<
  In extends Message = Message,
  Out extends Message = Message,
> extends Described<In, Out> {
  readonly kind: 'pipeline';
  readonly handler: (ax: AxiomContext, inputs: AsyncIterable<In>) => AsyncIterable<Out>;
}

/** A package as its host serves it. */
export interface HostedPackage {
  /** `handle/package-name`. */
  readonly name: string;
  readonly version: string;
  readonly nodes: readonly (UnaryNode | PipelineNode)[];
  /** The package's folder: what a failure's place is told relative to. */
  readonly root: string;
}

/** Checks a handler against its messages, and forgets which they are. */
export function unary<In extends Message, Out extends Message>(
  node: Omit<UnaryNode<In, Out>, 'kind'>,
): UnaryNode {
  return { ...node, kind: 'unary' } as unknown as UnaryNode;
}

/** As `unary`, for a pipeline. */
export function pipeline<In extends Message, Out extends Message>(
  node: Omit<PipelineNode<In, Out>, 'kind'>,
): PipelineNode {
  return { ...node, kind: 'pipeline' } as unknown as PipelineNode;
}
