import { Line } from '../gen/messages_pb';
import type { AxiomContext as Ctx } from '../gen/axiomContext';

class Slack {
  private secrets: Ctx['secrets'];

  constructor(ctx: Ctx) {
    this.secrets = ctx.secrets;
  }

  token(): string {
    return this.secrets.get('SLACK_TOKN')[0];
  }
}

export function notify(ctx: Ctx, input: Line): Line {
  const slack = new Slack(ctx);
  const channel = ctx.secrets.get('SLACK_CHANNEL');
  ctx.log.info('posting', { channel: channel[0] });
  void slack.token();
  return input;
}
